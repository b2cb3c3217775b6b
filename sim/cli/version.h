/* SPDX-License-Identifier: GPL-3.0-or-later
   What this program is made of.  The build may define LBSIM_VERSION and LBSIM_LIBRARIES. */
#ifndef SIM_CLI_VERSION_H
#define SIM_CLI_VERSION_H

#ifndef LBSIM_VERSION
#define LBSIM_VERSION "0.1.0"
#endif

const char *version_compiler(void);  /* "gcc 12.2.0" */
const char *version_libraries(void); /* "gsl 2.7.1, libfyaml 0.7.12, ..." */

#endif
