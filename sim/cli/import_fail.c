/* SPDX-License-Identifier: GPL-3.0-or-later
   How an import says why it failed. */
#include "sim/cli/import_part.h"

#include <stdarg.h>
#include <stdio.h>

bool import_fail(struct import_failure *failure, int status, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(failure->message, sizeof failure->message, format, list);
    va_end(list);
    failure->status = status;
    return false;
}
