/* banned.h - functions that invite a bug; included last by every .c file of ours. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BANNED_H
#define WEFT_BANNED_H

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok sscanf atoi atol  \
    atof gets gmtime localtime popen

#endif
