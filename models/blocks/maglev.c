/* SPDX-License-Identifier: GPL-3.0-or-later
   The Maglev table, filled in rounds.  A row steps through its permutation by addition, so
   there is no division but for Katran's, whose products wrap at 32 bits. */
#include "models/blocks/maglev.h"

static void maglev_clear(struct maglev *maglev)
{
    for (uint32_t i = 0; i < maglev->size; i++)
        maglev->table[i] = NO_BACKEND;
}

void maglev_init(struct maglev *maglev, uint32_t size, uint32_t capacity,
                 struct arena *arena)
{
    *maglev = (struct maglev){.size = size};
    maglev->table = arena_take(arena, size, sizeof *maglev->table);
    maglev->rows = arena_take(arena, capacity, sizeof *maglev->rows);
    maglev_clear(maglev);
}

/* The next slot of a row's permutation, taken or not.  Products that wrapped may leave slots
   out, where Katran would search for ever: after `size` steps it is the permutation proper. */
static uint32_t maglev_step(const struct maglev *maglev, struct maglev_row *row)
{
    if (maglev->narrow && row->step < maglev->size)
        return (row->offset + row->step++ * row->skip) % maglev->size;
    uint32_t place = row->place;
    uint64_t next = (uint64_t)place + row->skip;
    row->place = (uint32_t)(next < maglev->size ? next : next - maglev->size);
    return place;
}

static void maglev_take(struct maglev *maglev, struct maglev_row *row)
{
    uint32_t slot;
    do
        slot = maglev_step(maglev, row);
    while (maglev->table[slot] != NO_BACKEND);
    maglev->table[slot] = row->backend;
    row->taken++;
}

void maglev_fill(struct maglev *maglev, maglev_turns *turns, void *context)
{
    maglev_clear(maglev);
    for (uint32_t i = 0; i < maglev->count; i++) {
        struct maglev_row *row = &maglev->rows[i];
        row->taken = 0;
        row->step = 0;
        row->place = row->offset;
    }
    uint32_t left = maglev->count > 0 ? maglev->size : 0;
    for (uint64_t round = 1; left > 0; round++)
        for (uint32_t i = 0; i < maglev->count && left > 0; i++) {
            struct maglev_row *row = &maglev->rows[i];
            uint32_t take = turns == NULL ? 1 : turns(context, row, round);
            take = take < left ? take : left;
            left -= take;
            while (take-- > 0)
                maglev_take(maglev, row);
        }
}

bool maglev_is_prime(uint64_t number)
{
    for (uint64_t divisor = 2; divisor * divisor <= number; divisor++)
        if (number % divisor == 0)
            return false;
    return number > 1;
}
