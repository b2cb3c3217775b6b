/* SPDX-License-Identifier: GPL-3.0-or-later
   What a simulated request costs on this machine: cases of a few shapes, each run in a process
   of its own so that its peak of memory is its own. */
#ifndef SIM_CLI_BENCH_H
#define SIM_CLI_BENCH_H

#include "sim/engine/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_PODS_MAX = 1000000 };

enum bench_shape { BENCH_PLAIN, BENCH_DEFENDED, BENCH_FULL, BENCH_SHAPES };
enum bench_sink { BENCH_REPORT, BENCH_ROWS, BENCH_TRACE };

/* One case, named SHAPE/POLICY/PODS or SHAPE/POLICY/PODS/SINK. */
struct bench_case {
    enum bench_shape shape; /* which world; see `lbsim bench --help` */
    const char *policy; /* with default parameters */
    uint64_t pods;
    enum bench_sink sink; /* what happens to rows beside the report */
};

struct bench_result {
    uint64_t requests, events, bytes_written;
    double seconds;      /* CPU time of the run's thread; of the trace, time on the clock */
    uint64_t peak_bytes; /* of the whole process */
    uint64_t idle_bytes; /* of it before the world was built */
    double reference_ns; /* CPU time of the yardstick, per request, in the same process */
    double p99;          /* seconds: what was simulated */
};

/* Parses a name; the policy's is copied to `arena`.  False when it is not one of a case. */
bool bench_parse(const char *name, struct arena *arena, struct bench_case *wanted);
void bench_name(const struct bench_case *wanted, char *name, size_t size);
/* The cases that are run when none is named; NULL past the end. */
const struct bench_case *bench_at(size_t index);

/* How many a case simulates by default, at least: enough for its pods to fill. */
uint64_t bench_enough(const struct bench_case *wanted);

/* Runs one case in a child process, or (isolate false) in this one.  False after a message
   on stderr. */
bool bench_run(const struct bench_case *wanted, uint64_t requests, bool isolate,
               struct bench_result *result);

#endif
