/* SPDX-License-Identifier: GPL-3.0-or-later
   A trace on its way to disk as trace.csv.zst.  Rows go by the sheet to a second thread,
   which makes lines of them and packs these, while the run goes on; what that thread does
   not come to, the run does itself.  The bytes depend on the rows alone, not on who did what
   or in which portions they came. */
#ifndef SIM_CLI_TRACE_FILE_H
#define SIM_CLI_TRACE_FILE_H

#include "sim/trace/trace.h"

struct trace_file;

/* As output_to_file, with the header for the hops of so many tiers; 0: rows have none. */
struct trace_file *trace_file_open(const char *path, size_t tiers);
/* `hops` may be NULL where there are no tiers; else they are not written then. */
void trace_file_rows(struct trace_file *file, const struct roster *roster,
                     unsigned replication, const struct trace_row *rows,
                     const struct trace_hops *hops, size_t count);
/* Ends what is of one roster, which is not looked at any more. */
void trace_file_settle(struct trace_file *file);
int trace_file_error(const struct trace_file *file); /* as output_error */
/* As output_close; all must be settled. */
int trace_file_close(struct trace_file *file, bool keep);

#endif
