# Toolchain: MinGW-w64 for i686.
set(VSSCTS_ARCH i686)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
