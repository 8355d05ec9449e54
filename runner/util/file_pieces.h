/* A file read from its beginning to its end, piece by piece. */
#ifndef VSSCTS_FILE_PIECES_H
#define VSSCTS_FILE_PIECES_H

#include <stdbool.h>
#include <stddef.h>

/* Takes a piece, which is never empty and is gone afterwards. False: no more are wanted. */
typedef bool (*file_piece_cb)(void *context, const char *piece, size_t len);

/* 0 where the file was read to its end, or as far as was wanted; else libuv's error, which is
 * negative. */
int file_pieces(const char *path, file_piece_cb take, void *context);

#endif
