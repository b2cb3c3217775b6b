/* SPDX-License-Identifier: GPL-3.0-or-later
   Escaping.  Bytes that are not UTF-8 and characters that no terminal should get (controls,
   bidirectional marks) do not get into a page either. */
#include "sim/report/html.h"

#include "sim/config/utf8.h"

#include <string.h>

static const char *html_entity(char character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void html_text(struct output *output, const char *text)
{
    while (*text != '\0') {
        size_t size = utf8_size(text, strnlen(text, 4));
        const char *entity = html_entity(*text);
        if (*text != '\n' && (size == 0 || utf8_is_hidden(text, size)))
            output_text(output, "?");
        else if (entity != NULL)
            output_text(output, entity);
        else
            output_bytes(output, text, size);
        text += size > 0 ? size : 1;
    }
}

void html_encode(struct output *output, const char *bytes, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_.~,:";
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != '\0' && strchr(plain, bytes[i]) != NULL)
            output_bytes(output, bytes + i, 1);
        else
            output_format(output, "%%%02X", (unsigned)(unsigned char)bytes[i]);
}
