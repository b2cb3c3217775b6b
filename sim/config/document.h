/* SPDX-License-Identifier: GPL-3.0-or-later
   YAML and JSON texts as nodes with places.  Aliases and merge keys are followed, within
   limits (tree.h); everything that a scenario has no use for (second documents, tags, keys
   that are not plain words, keys given twice) is refused. */
#ifndef SIM_CONFIG_DOCUMENT_H
#define SIM_CONFIG_DOCUMENT_H

#include "sim/config/node.h"

/* Parses the source from byte `start` on; places count from its beginning.  NULL after
   adding a problem; keys given twice are problems too, but the first ones are returned. */
const struct node *document_parse(const struct source *source, size_t start,
                                  struct arena *arena, struct problems *problems);

/* Parses a text of our own, such as a default: every place is `mark`, and a text that does
   not parse is our mistake. */
const struct node *document_of_text(const char *text, struct mark mark, struct arena *arena);

#endif
