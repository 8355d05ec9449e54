# Files that are part of a program. Included, this gives cts_embed(); run as a script (cmake -P), it is what
# cts_embed() has made of the files.

# cts_embed(TARGET HEADER OUTPUT FILE…): adds to TARGET a source OUTPUT.c with the files as HEADER declares them.
function(cts_embed target header output)
    set(made ${CMAKE_CURRENT_BINARY_DIR}/${output}.c)
    string(JOIN "|" files ${ARGN})
    set(script ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
    add_custom_command(OUTPUT ${made}
        COMMAND ${CMAKE_COMMAND} -D "files=${files}" -D header=${header} -D made=${made} -P ${script}
        DEPENDS ${ARGN} ${script}
        COMMENT "Embedding ${output}"
        VERBATIM)
    target_sources(${target} PRIVATE ${made})
endfunction()

# As initialisers of bytes.
function(cts_bytes var hex)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    set(${var} "${bytes}" PARENT_SCOPE)
endfunction()

# Line ends are LF whatever the checkout has: a browser hashes the text so.
function(cts_embed_write)
    set(number 0)
    set(table "")
    string(REPLACE "|" ";" files "${files}")
    file(WRITE ${made}.part "/* Made by cmake/embed.cmake. */\n#include \"${header}\"\n")
    foreach(file IN LISTS files)
        file(READ ${file} text)
        string(REPLACE "\r\n" "\n" text "${text}")
        string(HEX "${text}" hex)
        string(SHA256 hash "${text}")
        string(LENGTH "${hex}" length)
        math(EXPR length "${length} / 2")
        cts_bytes(text "${hex}")
        cts_bytes(hash "${hash}")
        cmake_path(GET file FILENAME name)
        file(APPEND ${made}.part "static const unsigned char text_${number}[] = {${text}0};\n")
        string(APPEND table "    {\"${name}\", (const char *)text_${number}, ${length}, {${hash}}},\n")
        math(EXPR number "${number} + 1")
    endforeach()
    file(APPEND ${made}.part "const struct html_asset html_assets[] = {\n${table}};\n"
        "const size_t html_asset_count = ${number};\n")
    file(RENAME ${made}.part ${made})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    cts_embed_write()
endif()
