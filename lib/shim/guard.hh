// guard.hh - the one place where a C++ exception becomes a weft_code.
// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEFT_SHIM_GUARD_HH
#define WEFT_SHIM_GUARD_HH

#include <new>
#include <string>

#include <xapian.h>

#include "weft/error.h"
#include "weft/mem.h"
#include "weft/str.h"

inline weft_code fail_xapian(weft_error *err, weft_code code, const char *what,
                             const Xapian::Error &e) noexcept
{
    const char *system = e.get_error_string();
    return weft_fail(err, code, "%s: %s%s%s", what, e.get_msg().c_str(),
                     system == nullptr ? "" : ": ", system == nullptr ? "" : system);
}

inline weft_code fail_current(weft_error *err, const char *what) noexcept
{
    try {
        throw;
    } catch (const Xapian::DatabaseModifiedError &e) {
        return fail_xapian(err, WEFT_ECHANGED, what, e);
    } catch (const Xapian::DatabaseLockError &e) {
        return fail_xapian(err, WEFT_EBUSY, what, e);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return fail_xapian(err, WEFT_ECORRUPT, what, e);
    } catch (const Xapian::DatabaseVersionError &e) {
        return fail_xapian(err, WEFT_ECORRUPT, what, e);
    } catch (const Xapian::DatabaseNotFoundError &e) {
        return fail_xapian(err, WEFT_ENOTFOUND, what, e);
    } catch (const Xapian::DatabaseOpeningError &e) {
        return fail_xapian(err, WEFT_ENOTFOUND, what, e);
    } catch (const Xapian::DocNotFoundError &e) {
        return fail_xapian(err, WEFT_ECHANGED, what, e);
    } catch (const Xapian::QueryParserError &e) {
        return fail_xapian(err, WEFT_ESYNTAX, what, e);
    } catch (const Xapian::InvalidArgumentError &e) {
        return fail_xapian(err, WEFT_ESYNTAX, what, e);
    } catch (const Xapian::Error &e) {
        return fail_xapian(err, WEFT_EIO, what, e);
    } catch (const std::bad_alloc &) {
        return weft_fail_nomem(err);
    } catch (...) {
        return weft_fail(err, WEFT_EINTERNAL, "%s: unexpected exception", what);
    }
}

template <class Body>
weft_code guarded(weft_error *err, const char *what, Body body) noexcept
{
    try {
        return body();
    } catch (...) {
        return fail_current(err, what);
    }
}

inline std::string to_string(weft_str s)
{
    return std::string(s.p == nullptr ? "" : s.p, s.n);
}

// A terminated copy of a string in mem; throws bad_alloc so that guarded() reports it.
inline weft_str copy_to(void *mem, const std::string &s)
{
    weft_str view = weft_str_of(s.data(), s.size());
    char *copy = weft_str_dup(mem, view);
    if (copy == nullptr)
        throw std::bad_alloc();
    return weft_str_of(copy, s.size());
}

template <class T>
T *new_array(void *mem, size_t n)
{
    T *array = weft_new_array(mem, T, n);
    if (array == nullptr)
        throw std::bad_alloc();
    return array;
}

#endif
