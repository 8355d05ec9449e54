# Options of the build, and what every target of the project is compiled with.
option(VSSCTS_SANITIZE "Compile with the address and undefined behaviour sanitizers" OFF)
option(VSSCTS_TESTS "Build the unit tests" ON)
option(VSSCTS_FUZZ "Let libFuzzer drive the fuzz targets (clang)" OFF)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
if(NOT DEFINED VSSCTS_ARCH) # the toolchain files set it
    if(NOT WIN32 OR CMAKE_SIZEOF_VOID_P EQUAL 8)
        set(VSSCTS_ARCH x86_64)
    else()
        set(VSSCTS_ARCH i686)
    endif()
endif()

# A tree has one place for programs and one for what stands in <arch>/ of the home folder.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(VSSCTS_PE_DIR ${PROJECT_BINARY_DIR}/pe)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# vsscts_plain: warnings and what the platform needs. vsscts_flags: that and the sanitizers. What
# -Wformat-truncation finds depends on what the optimizer knows, so that no warning set holds for all trees.
add_library(vsscts_plain INTERFACE)
target_compile_options(vsscts_plain INTERFACE
    $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes
    -Wmissing-prototypes -Wvla -Wpointer-arith -Wwrite-strings -Wno-format-truncation -Werror
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
    -include ${PROJECT_SOURCE_DIR}/runner/util/banned.h>)
target_compile_definitions(vsscts_plain INTERFACE
    $<$<COMPILE_LANGUAGE:C>:VSSCTS_VERSION="${PROJECT_VERSION}">)
if(WIN32)
    # printf as in C11 (%zu, %lld), not as in Microsoft's old C library.
    target_compile_definitions(vsscts_plain INTERFACE
        $<$<COMPILE_LANGUAGE:C>:__USE_MINGW_ANSI_STDIO=1>)
    # No DLL of the compiler: the programs run on a bare Windows.
    target_link_options(vsscts_plain INTERFACE -static -static-libgcc)
else()
    # libuv's header needs more than what plain C11 shows.
    target_compile_definitions(vsscts_plain INTERFACE _GNU_SOURCE=)
endif()

add_library(vsscts_flags INTERFACE)
target_link_libraries(vsscts_flags INTERFACE vsscts_plain)
if(VSSCTS_SANITIZE)
    set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_options(vsscts_flags INTERFACE ${sanitizers})
    target_link_options(vsscts_flags INTERFACE ${sanitizers})
endif()
if(VSSCTS_FUZZ)
    # the other builds look after warnings, and with gcc's
    target_compile_options(vsscts_flags INTERFACE -fsanitize=fuzzer-no-link -w)
endif()
