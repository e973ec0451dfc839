/* cld2.cc - the language of a text, guessed by CLD2. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/text.h"

#include <cstdio> /* the header below needs it and does not say so */
#include <cstring>

#include <cld2/public/compact_lang_det.h>

namespace
{

enum {
    LETTERS_MIN = 40,         /* bytes of letters below which CLD2 is guessing */
    LOOKED_AT_MAX = 16 * 1024 /* bytes of a text that are enough */
};

/* CLD2 keeps some codes ISO 639-1 has replaced, and marks scripts. */
const char *iso_code(const char *code)
{
    static const char *const renamed[][2] = {{"iw", "he"}, {"jw", "jv"}, {"in", "id"},
                                             {"ji", "yi"}, {"nb", "no"}, {"zh-Hant", "zh"}};
    for (const auto &row : renamed)
        if (std::strcmp(row[0], code) == 0)
            return row[1];
    return std::strlen(code) == 2 ? code : nullptr;
}

const char *detect(weft_str text)
{
    CLD2::Language best[3];
    int percent[3];
    int letters = 0;
    bool is_reliable = false;
    size_t n = weft_utf8_cut(text, LOOKED_AT_MAX);
    CLD2::Language language = CLD2::ExtDetectLanguageSummary(
        text.p, static_cast<int>(n), true, best, percent, &letters, &is_reliable);
    if (!is_reliable || letters < LETTERS_MIN || language == CLD2::UNKNOWN_LANGUAGE)
        return nullptr;
    return iso_code(CLD2::LanguageCode(language));
}

} // namespace

extern "C" const char *weft_language_detect(weft_str text) noexcept
{
    if (text.n < LETTERS_MIN)
        return nullptr;
    try {
        return detect(text);
    } catch (...) {
        return nullptr;
    }
}
