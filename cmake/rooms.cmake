# The rooms of the house. Whatever lies in a room's folder belongs to it: nobody lists files.

# cts_glob(VAR PATTERN…): the files of this folder that match, found anew by every build.
function(cts_glob var)
    file(GLOB found CONFIGURE_DEPENDS ${ARGN})
    if(NOT found)
        message(FATAL_ERROR "no file matches ${ARGN} in ${CMAKE_CURRENT_SOURCE_DIR}")
    endif()
    set(${var} ${found} PARENT_SCOPE)
endfunction()

# cts_room(NAME LIBRARY…): the static library cts_NAME from NAME/*.c, on top of the rooms and
# libraries that it may use. The file with main is left out: it belongs to a program.
function(cts_room name)
    cts_glob(sources ${name}/*.c)
    list(FILTER sources EXCLUDE REGEX "[/_]main\\.c$")
    add_library(cts_${name} STATIC ${sources})
    target_link_libraries(cts_${name} PUBLIC ${ARGN} PRIVATE vsscts_flags)
endfunction()

# cts_program(NAME MAIN LIBRARY…): the program NAME from the file MAIN and libraries.
function(cts_program name main)
    add_executable(${name} ${main})
    target_link_libraries(${name} PRIVATE ${ARGN} vsscts_flags)
endfunction()
