# What both MinGW toolchain files share. They set VSSCTS_ARCH first.
set(CMAKE_SYSTEM_NAME Windows)
if(VSSCTS_ARCH STREQUAL "i686")
    set(CMAKE_SYSTEM_PROCESSOR x86)
else()
    set(CMAKE_SYSTEM_PROCESSOR AMD64)
endif()

# Debian has each compiler with two thread models. The win32 one needs no further DLL.
set(triplet ${VSSCTS_ARCH}-w64-mingw32)
find_program(mingw_gcc NAMES ${triplet}-gcc-win32 ${triplet}-gcc REQUIRED)
set(CMAKE_C_COMPILER ${mingw_gcc})
# Only tests are in C++; without the compiler they are left out.
find_program(mingw_gxx NAMES ${triplet}-g++-win32 ${triplet}-g++)
if(mingw_gxx)
    set(CMAKE_CXX_COMPILER ${mingw_gxx})
endif()
find_program(mingw_windres NAMES ${triplet}-windres REQUIRED)
set(CMAKE_RC_COMPILER ${mingw_windres})

set(CMAKE_FIND_ROOT_PATH /usr/${triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Programs that the build or ctest runs go through Wine, where this is no Windows.
if(NOT CMAKE_HOST_WIN32)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/../tools/wine-run.sh)
endif()
