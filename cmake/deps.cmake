# The libraries, as targets dep::uv, dep::jansson and dep::cunit. On Linux they are the system's; for
# Windows tools/mingw-deps.sh has built static ones, or VSSCTS_DEPS names a folder with lib/ and include/.
function(dep_from_prefix name library)
    set(archive ${VSSCTS_DEPS}/lib/${library})
    if(NOT EXISTS ${archive})
        message(FATAL_ERROR "${archive} is missing: run tools/mingw-deps.sh ${VSSCTS_ARCH}, "
            "or name a folder with lib/ and include/ in -DVSSCTS_DEPS=")
    endif()
    add_library(dep::${name} STATIC IMPORTED GLOBAL)
    set_target_properties(dep::${name} PROPERTIES IMPORTED_LOCATION ${archive}
        INTERFACE_INCLUDE_DIRECTORIES ${VSSCTS_DEPS}/include)
endfunction()

if(WIN32)
    if(NOT VSSCTS_DEPS)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
            ${PROJECT_SOURCE_DIR}/cmake/deps.sha256 ${PROJECT_SOURCE_DIR}/cmake/cunit/CMakeLists.txt
            ${PROJECT_SOURCE_DIR}/tools/mingw-deps.sh)
        execute_process(
            COMMAND ${PROJECT_SOURCE_DIR}/tools/mingw-deps.sh --path ${VSSCTS_ARCH}
            OUTPUT_VARIABLE VSSCTS_DEPS OUTPUT_STRIP_TRAILING_WHITESPACE
            COMMAND_ERROR_IS_FATAL ANY)
    endif()
    dep_from_prefix(uv libuv.a)
    dep_from_prefix(jansson libjansson.a)
    set_property(TARGET dep::uv PROPERTY
        INTERFACE_LINK_LIBRARIES psapi user32 advapi32 iphlpapi userenv ws2_32)
    if(VSSCTS_TESTS)
        dep_from_prefix(cunit libcunit.a)
    endif()
else()
    find_package(PkgConfig REQUIRED)
    set(wanted uv:libuv jansson:jansson)
    if(VSSCTS_TESTS)
        list(APPEND wanted cunit:cunit)
    endif()
    foreach(pair IN LISTS wanted)
        string(REPLACE ":" ";" pair ${pair})
        list(GET pair 0 name)
        list(GET pair 1 module)
        pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
        add_library(dep::${name} ALIAS PkgConfig::${name})
    endforeach()
endif()
