#include "worker_hash.h"
#include <windows.h>

#include <bcrypt.h>

bool hash_sha256(const void *data, size_t size, char out[65])
{
    static const char digit[] = "0123456789abcdef";
    BCRYPT_ALG_HANDLE algorithm = NULL;
    BCRYPT_HASH_HANDLE hash = NULL;
    unsigned char sum[32];
    bool done = false;

    if (BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0) != 0)
        return false;
    if (BCryptCreateHash(algorithm, &hash, NULL, 0, NULL, 0, 0) == 0 &&
        BCryptHashData(hash, (PUCHAR)(uintptr_t)data, (ULONG)size, 0) == 0 &&
        BCryptFinishHash(hash, sum, sizeof sum, 0) == 0)
        done = true;
    if (hash != NULL)
        BCryptDestroyHash(hash);
    BCryptCloseAlgorithmProvider(algorithm, 0);
    for (size_t k = 0; done && k < sizeof sum; k++) {
        out[2 * k] = digit[sum[k] >> 4];
        out[2 * k + 1] = digit[sum[k] & 15];
    }
    out[64] = '\0';
    return done;
}
