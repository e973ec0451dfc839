// reader.hh - what a reader handle holds; shared by reader.cc and query.cc.
// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEFT_SHIM_READER_HH
#define WEFT_SHIM_READER_HH

#include <string>

#include <xapian.h>

struct weft_reader {
    Xapian::Database db;
    std::string
        uuid; /* of the database that was opened: another may come to stand at its path */
};

#endif
