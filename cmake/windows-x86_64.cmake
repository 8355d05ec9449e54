# Toolchain: MinGW-w64 for x86_64.
set(VSSCTS_ARCH x86_64)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
