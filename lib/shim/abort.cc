// abort.cc - last words when Xapian ends the process.
//
// Some of its destructors write, and may not throw (1.4.22, flushing postings in a commit):
// a full disk there ends in std::terminate, not in an exception.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weft/index.h"

#include <cstdlib>
#include <exception>

#include "guard.hh"

namespace
{

void (*last_words)(const char *reason);

void on_terminate()
{
    weft_error why{};
    if (std::current_exception() != nullptr)
        fail_current(&why, "write index");
    else
        weft_fail(&why, WEFT_EIO, "write index: no space left, or no memory");
    last_words(why.text);
    std::abort();
}

} // namespace

extern "C" void weft_index_on_abort(void (*say)(const char *reason)) noexcept
{
    last_words = say;
    std::set_terminate(on_terminate);
}
