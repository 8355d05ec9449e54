# vsscts_add_tests: the suite as CTest tests of a target. find_package(VssCts) includes this.

#[[
vsscts_add_tests(TARGET <library>
    [PROFILE <file.json>] [EXPECT <file.json>] [CASES <pattern>…] [SKIP <pattern>…] [OPTIONS <option>…]
    [PREFIX <name>] [LABELS <label>…] [ENVIRONMENT <VAR=value>…] [WINE_PREFIX <folder>]
    [JOBS <n>] [TIMEOUT <seconds>] [SERIAL])

One test for each suite of which a case is selected, or for each pattern of CASES, and one before them all that loads
the library. docs/using-in-your-project.md says what the arguments mean.
]]
function(vsscts_add_tests)
    cmake_parse_arguments(PARSE_ARGV 0 arg "SERIAL" "TARGET;PROFILE;EXPECT;PREFIX;WINE_PREFIX;JOBS;TIMEOUT"
        "CASES;SKIP;OPTIONS;LABELS;ENVIRONMENT")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "vsscts_add_tests: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(arg_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "vsscts_add_tests: no value for ${arg_KEYWORDS_MISSING_VALUES}")
    endif()
    vsscts_check_target("${arg_TARGET}")
    vsscts_target_arch(arch)
    # JOBS: the tests of ctest -j run beside each other, so each has few workers of its own
    foreach(default PREFIX:vsscts.${arg_TARGET} JOBS:1 TIMEOUT:900)
        string(REGEX MATCH "^([A-Z]+):(.*)$" default "${default}")
        if(NOT DEFINED arg_${CMAKE_MATCH_1})
            set(arg_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
        endif()
    endforeach()
    foreach(number JOBS TIMEOUT)
        if(NOT arg_${number} MATCHES "^[1-9][0-9]*$")
            message(FATAL_ERROR "vsscts_add_tests: ${number} is a whole number from 1, not '${arg_${number}}'")
        endif()
    endforeach()

    set(selection)
    foreach(pattern IN LISTS arg_SKIP)
        list(APPEND selection --skip "${pattern}")
    endforeach()
    vsscts_list_cases(ids "${arg_CASES}" "${selection}")
    set(expectations)
    if(DEFINED arg_EXPECT)
        vsscts_existing_file(expect EXPECT "${arg_EXPECT}")
        set(expectations --expect "${expect}")
    endif()
    set(patterns ${arg_CASES})
    if(NOT patterns)
        list(TRANSFORM ids REPLACE "/.*" "" OUTPUT_VARIABLE patterns)
    endif()
    list(REMOVE_DUPLICATES patterns)

    set(out "${CMAKE_CURRENT_BINARY_DIR}/vsscts/${arg_PREFIX}")
    set(iut "$<TARGET_FILE:${arg_TARGET}>")
    if(DEFINED arg_PROFILE)
        set(dll "${iut}")
        set(iut "${out}/profile$<$<BOOL:$<CONFIG>>:-$<CONFIG>>.json")
        vsscts_write_profile("${arg_PROFILE}" "${dll}" "${iut}")
    endif()
    set(command "${VssCts_EXECUTABLE}" run --home "${VssCts_HOME}" --iut "${iut}" --arch ${arch} --color never)
    set(wine_prefix)
    if(DEFINED arg_WINE_PREFIX)
        get_filename_component(wine_prefix "${arg_WINE_PREFIX}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
        list(APPEND command --wine-prefix "${wine_prefix}")
    endif()

    # The first test fills the Wine prefix, and says once, not for every suite, that the library cannot be loaded.
    # What its cases come to is no matter here, so that the result is read and not the exit code.
    set(loads "${arg_PREFIX}.loads")
    add_test(NAME "${loads}" COMMAND ${command} -j 1 --no-expect --no-retry --quiet --out "${out}/loads" factory/create)
    set_tests_properties("${loads}" PROPERTIES FIXTURES_SETUP "${loads}"
        PASS_REGULAR_EXPRESSION "result: (as expected|unexpected verdicts) ")
    set(tests "${loads}")
    foreach(pattern IN LISTS patterns)
        vsscts_file_name(name "${pattern}")
        set(test "${arg_PREFIX}.${name}")
        add_test(NAME "${test}" COMMAND ${command} -j ${arg_JOBS} --min-cases 1 ${selection}
            ${expectations} ${arg_OPTIONS} --out "${out}/${name}" --report "junit=${out}/${name}/junit.xml" "${pattern}")
        # 4: the profile leaves nothing of the suite to run, which is a skip and no pass
        set_tests_properties("${test}" PROPERTIES FIXTURES_REQUIRED "${loads}" SKIP_RETURN_CODE 4
            PROCESSORS ${arg_JOBS})
        list(APPEND tests "${test}")
    endforeach()
    set_tests_properties(${tests} PROPERTIES TIMEOUT ${arg_TIMEOUT})
    set_property(TEST ${tests} PROPERTY LABELS vsscts ${arg_LABELS})
    set_property(TEST ${tests} PROPERTY ENVIRONMENT ${arg_ENVIRONMENT})
    if(arg_SERIAL)
        set_property(TEST ${tests} PROPERTY RESOURCE_LOCK "vsscts ${wine_prefix}")
    endif()
endfunction()

# What follows is for vsscts_add_tests alone.

function(vsscts_check_target target)
    if(target STREQUAL "")
        message(FATAL_ERROR "vsscts_add_tests: TARGET <library> is missing")
    endif()
    if(NOT TARGET ${target})
        message(FATAL_ERROR "vsscts_add_tests: there is no target ${target}")
    endif()
    get_target_property(type ${target} TYPE)
    if(NOT type MATCHES "^(SHARED|MODULE)_LIBRARY$")
        message(FATAL_ERROR "vsscts_add_tests: the target ${target} is a ${type}; "
            "an implementation is a DLL, so a SHARED or MODULE library")
    endif()
endfunction()

function(vsscts_target_arch var)
    if(NOT WIN32)
        message(FATAL_ERROR "vsscts_add_tests: this project is compiled for ${CMAKE_SYSTEM_NAME}; an implementation is "
            "a DLL for Windows, so configure with a toolchain file for MinGW-w64")
    endif()
    if("${CMAKE_SYSTEM_PROCESSOR} ${CMAKE_C_COMPILER_ARCHITECTURE_ID}" MATCHES "[Aa][Rr][Mm]|[Aa][Aa][Rr][Cc][Hh]")
        message(FATAL_ERROR "vsscts_add_tests: no worker for ${CMAKE_SYSTEM_PROCESSOR}; "
            "the suite tests DLLs for x86_64 and i686")
    endif()
    if(CMAKE_SIZEOF_VOID_P EQUAL 8)
        set(arch x86_64)
    else()
        set(arch i686)
    endif()
    if(NOT EXISTS "${VssCts_HOME}/${arch}/vsscts-worker.exe")
        message(FATAL_ERROR "vsscts_add_tests: the suite in ${VssCts_HOME} was installed "
            "without its worker for ${arch}")
    endif()
    set(${var} ${arch} PARENT_SCOPE)
endfunction()

# The ids that are selected, asked of the program, so that a wrong pattern is told when CMake runs.
function(vsscts_list_cases var patterns selection)
    execute_process(
        COMMAND "${VssCts_EXECUTABLE}" list --home "${VssCts_HOME}" --json ${selection} ${patterns}
        OUTPUT_VARIABLE listed ERROR_VARIABLE error RESULT_VARIABLE status)
    if(NOT status STREQUAL 0)
        message(FATAL_ERROR "vsscts_add_tests: vsscts list (exit ${status}): ${error}")
    endif()
    string(REGEX MATCHALL "\"id\": ?\"[^\"]+\"" ids "${listed}")
    list(TRANSFORM ids REPLACE "^\"id\": ?\"([^\"]+)\"$" "\\1")
    set(${var} "${ids}" PARENT_SCOPE)
endfunction()

function(vsscts_existing_file var what file)
    get_filename_component(file "${file}" ABSOLUTE)
    if(NOT EXISTS "${file}" OR IS_DIRECTORY "${file}")
        message(FATAL_ERROR "vsscts_add_tests: ${what}: there is no file ${file}")
    endif()
    set(${var} "${file}" PARENT_SCOPE)
endfunction()

# A pattern as the name of a test and of its folder.
function(vsscts_file_name var pattern)
    string(REPLACE "*" "_" name "${pattern}")
    string(REGEX REPLACE "[^A-Za-z0-9_-]" "." name "${name}")
    set(${var} "${name}" PARENT_SCOPE)
endfunction()

# The profile with the target's file as its DLL. It lies elsewhere, so its relative paths become absolute ones.
function(vsscts_write_profile file dll output)
    vsscts_existing_file(file PROFILE "${file}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(folder "${file}" DIRECTORY)
    file(READ "${file}" profile)
    string(JSON kind ERROR_VARIABLE error GET "${profile}" kind)
    if(NOT error STREQUAL "NOTFOUND" OR NOT kind STREQUAL "profile")
        message(FATAL_ERROR "vsscts_add_tests: ${file} is no profile of VSS-CTS (${error})")
    endif()
    string(JSON profile SET "${profile}" dll "\"${dll}\"")
    set(keys expectations)
    string(JSON count ERROR_VARIABLE error LENGTH "${profile}" environment)
    if(error STREQUAL "NOTFOUND" AND count GREATER 0)
        math(EXPR last "${count} - 1")
        foreach(index RANGE ${last})
            string(JSON name MEMBER "${profile}" environment ${index})
            list(APPEND keys "environment/${name}/file")
        endforeach()
    endif()
    foreach(key IN LISTS keys)
        string(REPLACE "/" ";" key "${key}")
        string(JSON path ERROR_VARIABLE error GET "${profile}" ${key})
        if(error STREQUAL "NOTFOUND")
            get_filename_component(path "${path}" ABSOLUTE BASE_DIR "${folder}")
            string(JSON profile SET "${profile}" ${key} "\"${path}\"")
        endif()
    endforeach()
    file(GENERATE OUTPUT "${output}" CONTENT "${profile}\n")
endfunction()
