/* SPDX-License-Identifier: GPL-3.0-or-later
   Compiler and libraries as known when the program was built. */
#include "sim/cli/version.h"

#include <gsl/gsl_version.h>

#define VERSION_TEXT(word) #word
#define VERSION_DOTTED(major, minor, patch) \
    VERSION_TEXT(major) "." VERSION_TEXT(minor) "." VERSION_TEXT(patch)

#ifndef LBSIM_LIBRARIES
#define LBSIM_LIBRARIES "gsl " GSL_VERSION
#endif

const char *version_compiler(void)
{
#ifdef __clang__
    return "clang " VERSION_DOTTED(__clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    return "gcc " VERSION_DOTTED(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

const char *version_libraries(void)
{
    return LBSIM_LIBRARIES;
}
