/* SPDX-License-Identifier: GPL-3.0-or-later
   zstd at a level that keeps up with a simulation, with a checksum, on a thread of the
   library's own where it was built with them: the run goes on while the frame is made.
   The frame is the same for any number of them above 0; a second one would take the
   processor from the run itself where there are two. */
#include "sim/engine/output_pack.h"

#include "sim/engine/check.h"

#include <errno.h>
#include <stdlib.h>
#include <zstd.h>

/* A hash table of 2^10 fits the first cache: rows resemble the rows just before them, and
   trace lines take a sixth less time than with level 1's own 2^14, at the same size.  Level 1
   would make the lines 40 % smaller, but the run would wait for it. */
enum { OUTPUT_PACK_LEVEL = -1, OUTPUT_PACK_HASH_LOG = 10, OUTPUT_PACK_WORKERS = 1 };

struct output_pack {
    ZSTD_CCtx *zstd;
    char *packed;
    size_t room;
};

struct output_pack *output_pack_open(void)
{
    struct output_pack *pack = memory_zeroed(1, sizeof *pack);
    pack->room = ZSTD_CStreamOutSize();
    pack->packed = memory_take(pack->room, 1);
    pack->zstd = ZSTD_createCCtx();
    if (pack->zstd == NULL)
        check_out_of_memory(pack->room);
    ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_compressionLevel, OUTPUT_PACK_LEVEL);
    ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_hashLog, OUTPUT_PACK_HASH_LOG);
    ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_checksumFlag, 1);
    /* An error here means a library without threads, which then does without. */
    ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_nbWorkers, OUTPUT_PACK_WORKERS);
    return pack;
}

static int output_pack_step(struct output_pack *pack, ZSTD_inBuffer in,
                            ZSTD_EndDirective mode, output_pack_write_call *write,
                            void *context)
{
    size_t left;
    do {
        ZSTD_outBuffer out = {.dst = pack->packed, .size = pack->room};
        left = ZSTD_compressStream2(pack->zstd, &out, &in, mode);
        if (ZSTD_isError(left))
            return ENOMEM;
        int error = out.pos > 0 ? write(context, pack->packed, out.pos) : 0;
        if (error != 0)
            return error;
    } while (mode == ZSTD_e_end ? left > 0 : in.pos < in.size);
    return 0;
}

/* The end is always a step of its own: bytes that come with it would count as the known
   size of a whole file and be packed in another way. */
int output_pack_write(struct output_pack *pack, const char *bytes, size_t size, bool last,
                      output_pack_write_call *write, void *context)
{
    ZSTD_inBuffer in = {.src = bytes, .size = size}, none = {.src = bytes, .size = 0};
    int error =
        size > 0 ? output_pack_step(pack, in, ZSTD_e_continue, write, context) : 0;
    if (error == 0 && last)
        error = output_pack_step(pack, none, ZSTD_e_end, write, context);
    return error;
}

void output_pack_close(struct output_pack *pack)
{
    if (pack == NULL)
        return;
    ZSTD_freeCCtx(pack->zstd);
    free(pack->packed);
    free(pack);
}
