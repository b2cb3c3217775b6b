/* SPDX-License-Identifier: GPL-3.0-or-later
   Folders of results: filled under a hidden name beside the final one, then renamed as a
   whole, so that a folder under its own name is always complete. */
#ifndef SIM_CLI_FOLDER_H
#define SIM_CLI_FOLDER_H

#include <stdbool.h>

/* Where an installed program keeps its files. */
#ifndef LBSIM_DATADIR
#define LBSIM_DATADIR "/usr/local/share/lbsim"
#endif

/* Makes the folder and those above it; 0 or errno. */
int folder_make(const char *path);
/* The topmost of the folders that folder_make would make; NULL: none; to be freed. */
char *folder_missing(const char *path);
/* Removes `path` and the folders above it, as far as they are empty, up to `top`; NULL: none
   is removed. */
void folder_prune(const char *path, const char *top);
/* Makes PARENT/.NAME.part-PID for PARENT/NAME, and PARENT.  The caller frees the name; NULL
   and errno when it cannot be made. */
char *folder_open_part(const char *path);
/* Moves into `to` what only `from` has; 0 or errno. */
int folder_carry(const char *from, const char *to);
/* Renames `part` to `path`, swapping it with a folder that is there; removes that one.  0 or
   errno, then both stay as they were. */
int folder_land(const char *part, const char *path);
bool folder_is_empty(const char *path); /* false where there is none */
/* Removes a folder and all in it; links are not followed. */
void folder_remove(const char *path);
/* The path up to its last slash; "." where there is none, "/" for "/A"; to be freed. */
char *folder_parent(const char *path);
/* A/B, to be freed. */
char *folder_path(const char *folder, const char *name);

#endif
