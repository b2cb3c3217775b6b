/* SPDX-License-Identifier: GPL-3.0-or-later
   Text for pages: whatever a name holds, it stays text. */
#ifndef SIM_REPORT_HTML_H
#define SIM_REPORT_HTML_H

#include "sim/engine/output.h"

/* Escapes what HTML and XML act upon, also within quotes; broken or hidden characters become
   "?". */
void html_text(struct output *output, const char *text);
/* Percent-encodes the bytes of a file for a data: URI. */
void html_encode(struct output *output, const char *bytes, size_t size);

/* The parts of a page that are always the same. */
extern const char html_style[], html_style_more[], html_script[];

#endif
