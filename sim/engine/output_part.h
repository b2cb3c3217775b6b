/* SPDX-License-Identifier: GPL-3.0-or-later
   The file under a name of its own that takes its final name when it is whole, for
   output.c: a name without ".part" is always complete. */
#ifndef SIM_ENGINE_OUTPUT_PART_H
#define SIM_ENGINE_OUTPUT_PART_H

/* A new file PATH.part-PID, open for writing; *part is its name, to be freed.  -1 and errno
   when there is none to be had. */
int output_part_open(const char *path, char **part);
/* Renames a synced part to `path`; 0, or errno with neither name left behind. */
int output_part_keep(const char *part, const char *path);

#endif
