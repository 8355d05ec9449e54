# cmake --install, and the zip for Windows. The programs for Windows come from the trees of the
# windows presets, whichever tree installs.
set(VSSCTS_INSTALL_ARCHS "x86_64;i686" CACHE STRING "Architectures whose worker is installed")

if(WIN32)
    # One folder that can be unpacked anywhere: the folder of vsscts.exe is its home.
    set(bin_dir .)
    set(data_dir .)
    set(doc_dir .)
    if(VSSCTS_ARCH STREQUAL "i686")
        set(VSSCTS_INSTALL_ARCHS i686) # a 32-bit Windows runs nothing else
    endif()
else()
    include(GNUInstallDirs)
    set(bin_dir ${CMAKE_INSTALL_BINDIR})
    set(data_dir ${CMAKE_INSTALL_DATADIR}/vsscts)
    set(doc_dir ${CMAKE_INSTALL_DOCDIR})
endif()

install(TARGETS vsscts RUNTIME DESTINATION ${bin_dir} COMPONENT program)
install(FILES README.md DESTINATION ${doc_dir} COMPONENT program)
install(DIRECTORY cases DESTINATION ${data_dir} COMPONENT data)
install(DIRECTORY fixtures/profiles DESTINATION ${data_dir} COMPONENT data)
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

set(CPACK_GENERATOR ZIP)
set(CPACK_PACKAGE_VENDOR vsscts)
set(CPACK_PACKAGE_FILE_NAME vsscts-${PROJECT_VERSION}-windows-${VSSCTS_ARCH})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
include(CPack)
