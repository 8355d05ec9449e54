# cmake --install, and the zip for Windows. The programs for Windows come from the trees of the
# windows presets, whichever tree installs.
set(VSSCTS_INSTALL_ARCHS "x86_64;i686" CACHE STRING "Architectures whose worker is installed")

if(WIN32)
    # One folder that can be unpacked anywhere: the folder of vsscts.exe is its home.
    set(bin_dir .)
    set(data_dir .)
    set(doc_dir .)
    set(package_dir cmake)
    if(VSSCTS_ARCH STREQUAL "i686")
        set(VSSCTS_INSTALL_ARCHS i686) # a 32-bit Windows runs nothing else
    endif()
else()
    include(GNUInstallDirs)
    set(bin_dir ${CMAKE_INSTALL_BINDIR})
    set(data_dir ${CMAKE_INSTALL_DATADIR}/vsscts)
    set(doc_dir ${CMAKE_INSTALL_DOCDIR})
    set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/VssCts)
endif()

# What the program says of itself, for man and bash, in the places below a prefix where they look.
if(NOT WIN32)
    set(manual ${CMAKE_INSTALL_MANDIR}/man1/vsscts.1)
    set(completion ${CMAKE_INSTALL_DATADIR}/bash-completion/completions/vsscts)
    foreach(page manual completion)
        set(made ${PROJECT_BINARY_DIR}/pages/${${page}})
        get_filename_component(made_dir ${made} DIRECTORY)
        get_filename_component(page_dir ${${page}} DIRECTORY)
        file(MAKE_DIRECTORY ${made_dir})
        add_custom_command(OUTPUT ${made} DEPENDS vsscts COMMAND vsscts ${page} > ${made} COMMENT "")
        list(APPEND made_pages ${made})
        install(FILES ${made} DESTINATION ${page_dir} COMPONENT program)
    endforeach()
    add_custom_target(pages ALL DEPENDS ${made_pages})
endif()

install(TARGETS vsscts RUNTIME DESTINATION ${bin_dir} COMPONENT program)
install(FILES README.md DESTINATION ${doc_dir} COMPONENT program)
install(DIRECTORY docs examples DESTINATION ${doc_dir} COMPONENT program)
install(DIRECTORY cases DESTINATION ${data_dir} COMPONENT data)
install(DIRECTORY fixtures/profiles DESTINATION ${data_dir} COMPONENT data)
install(FILES fixtures/mutants.json DESTINATION ${data_dir} COMPONENT data)
install(DIRECTORY fixtures/reference/machines DESTINATION ${data_dir} COMPONENT data)
install(DIRECTORY reports/schema DESTINATION ${data_dir} COMPONENT data)
install(DIRECTORY reports/expectations DESTINATION ${data_dir} COMPONENT data)
foreach(arch IN LISTS VSSCTS_INSTALL_ARCHS)
    if(arch STREQUAL VSSCTS_ARCH AND WIN32)
        set(pe ${VSSCTS_PE_DIR})
    else()
        set(pe ${PROJECT_SOURCE_DIR}/build/windows-${arch}/pe)
    endif()
    install(PROGRAMS ${pe}/vsscts-worker.exe ${pe}/vsscts-writer.exe ${pe}/vssref.dll
        DESTINATION ${data_dir}/${arch} COMPONENT workers)
endforeach()

# find_package(VssCts). On Linux the build tree is laid out as the installed one, so that -DVssCts_ROOT=<tree> does, too.
include(CMakePackageConfigHelpers)
set(VSSCTS_DATA_DIR ${data_dir})
set(VSSCTS_PROGRAM ${bin_dir}/vsscts${CMAKE_EXECUTABLE_SUFFIX})
set(package_files ${PROJECT_BINARY_DIR}/${package_dir})
configure_package_config_file(cmake/VssCtsConfig.cmake.in ${package_files}/VssCtsConfig.cmake
    INSTALL_DESTINATION ${package_dir} PATH_VARS VSSCTS_DATA_DIR VSSCTS_PROGRAM)
# the same for projects of 32 and 64 bit: what it brings is run, not linked
write_basic_package_version_file(${package_files}/VssCtsConfigVersion.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
configure_file(cmake/VssCtsTests.cmake ${package_files}/VssCtsTests.cmake COPYONLY)
install(DIRECTORY ${package_files}/ DESTINATION ${package_dir} COMPONENT data FILES_MATCHING PATTERN "VssCts*.cmake")

set(CPACK_GENERATOR ZIP)
set(CPACK_PACKAGE_VENDOR vsscts)
set(CPACK_PACKAGE_FILE_NAME vsscts-${PROJECT_VERSION}-windows-${VSSCTS_ARCH})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
include(CPack)
