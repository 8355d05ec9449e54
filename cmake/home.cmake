# The home folder of the build tree, build/home: what `vsscts` needs at run time, as links, so that an
# edited table counts at once and every tree fills in its part.
set(VSSCTS_HOME_DIR ${PROJECT_SOURCE_DIR}/build/home)

function(link_into_home name target)
    file(CREATE_LINK ${target} ${VSSCTS_HOME_DIR}/${name} SYMBOLIC)
endfunction()

if(NOT CMAKE_HOST_WIN32) # links need rights there; use cmake --install
    file(MAKE_DIRECTORY ${VSSCTS_HOME_DIR})
    link_into_home(cases ${PROJECT_SOURCE_DIR}/cases)
    link_into_home(profiles ${PROJECT_SOURCE_DIR}/fixtures/profiles)
    link_into_home(mutants.json ${PROJECT_SOURCE_DIR}/fixtures/mutants.json)
    link_into_home(machines ${PROJECT_SOURCE_DIR}/fixtures/reference/machines)
    link_into_home(schema ${PROJECT_SOURCE_DIR}/reports/schema)
    link_into_home(expectations ${PROJECT_SOURCE_DIR}/reports/expectations)
    if(WIN32)
        link_into_home(${VSSCTS_ARCH} ${VSSCTS_PE_DIR})
    endif()
    # so that bin/vsscts of the build tree finds it as an installed one would
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share)
    file(CREATE_LINK ${VSSCTS_HOME_DIR} ${PROJECT_BINARY_DIR}/share/vsscts SYMBOLIC)
endif()
