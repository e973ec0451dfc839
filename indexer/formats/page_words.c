/* page_words.c - words that pages put around comments, in many languages.
 *
 * Another language is one more word in each list. Lists end in NULL.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "banned.h"

/* Behind a name, before or after the date. */
const char *const page_says[] = {
    "says",     "said",     "wrote",    "writes",   "sagt",       "sagte",     "schrieb",
    "schreibt", "meint",    "meinte",   "a dit",    "dit",        "a écrit",   "dice",
    "dijo",     "escribió", "ha detto", "scrive",   "ha scritto", "disse",     "diz",
    "escreveu", "zegt",     "schreef",  "schreeft", "пишет",      "говорит",   "написал",
    "сказал",   "каже",     "пише",     "mówi",     "pisze",      "napisał",   "napsal",
    "säger",    "skrev",    "siger",    "sier",     "sanoo",      "kirjoitti", "diyor",
    "dedi ki",  NULL};

/* The button under a comment, and its neighbours. A line of nothing else is no text. */
const char *const page_buttons[] = {"reply",
                                    "antworten",
                                    "antwort",
                                    "répondre",
                                    "ответить",
                                    "Ответить",
                                    "responder",
                                    "rispondi",
                                    "beantwoorden",
                                    "reageren",
                                    "odpowiedz",
                                    "odpovědět",
                                    "відповісти",
                                    "Відповісти",
                                    "svara",
                                    "svar",
                                    "vastaa",
                                    "yanıtla",
                                    "cevapla",
                                    "răspunde",
                                    "respon",
                                    "返信",
                                    "回复",
                                    "quote",
                                    "zitieren",
                                    "zitat",
                                    "citer",
                                    "citar",
                                    "cita",
                                    "цитировать",
                                    "Цитировать",
                                    "like",
                                    "gefällt mir",
                                    "report",
                                    "melden",
                                    "flag",
                                    "signaler",
                                    "edit",
                                    "bearbeiten",
                                    "link",
                                    "permalink",
                                    "permanenter link",
                                    "share",
                                    "teilen",
                                    "loading...",
                                    "wird geladen...",
                                    "↓",
                                    "↑",
                                    "log in to reply",
                                    "anmelden zum antworten",
                                    "zum antworten anmelden",
                                    NULL};

/* What may follow a date on a header's line. */
const char *const page_tails[] = {
    "new",   "neu",  "uhr",  "edited", "bearbeitet", "parent",       "context",
    "новый", "next", "prev", "root",   "unread",     "(bearbeiten)", NULL};

/* Between a name and a date. */
const char *const page_joints[] = {
    "on",        "am",           "le",     "el",         "il",     "em",
    "op",        "den",          "at",     "um",         "vom",    "в",
    "à",         "about",        "etwa",   "over",       "almost", "posted",
    "commented", "kommentierte", "edited", "bearbeitet", "from",   NULL};

/* Before a name. */
const char *const page_by[] = {"Comment by ",
                               "Comment from ",
                               "Kommentar von ",
                               "Commentaire par ",
                               "Commentaire de ",
                               "Comentario de ",
                               "Commento di ",
                               "Posted by ",
                               "Submitted by ",
                               "Written by ",
                               "geschrieben von ",
                               "Geschrieben von ",
                               "Gespeichert von ",
                               "Verfasst von ",
                               "Soumis par ",
                               "Enviado por ",
                               "Inviato da ",
                               "Par ",
                               "par ",
                               "By ",
                               "by ",
                               "Von ",
                               "von ",
                               "Por ",
                               "por ",
                               "Di ",
                               "Комментарий от ",
                               "Автор: ",
                               NULL};

/* Glued to a date, or in brackets behind a name: what its owner is. */
const char *const page_badges[] = {
    "Autor", "Author",    "Auteur",    "Autore", "Автор", "Post author", "Beitragsautor",
    "Admin", "Moderator", "Verfasser", "Team",   "OP",    NULL};

/* What begins the entry of another site's link. */
const char *const page_pings[] = {"Pingback:",
                                  "Trackback:",
                                  "Ping:",
                                  "Pingback von ",
                                  "Pingback: ",
                                  "Trackback von ",
                                  "Pingback from ",
                                  "Trackback from ",
                                  "Уведомление:",
                                  "Rétrolien :",
                                  NULL};

/* A line that says a comment is not seen by others yet. */
const char *const page_waiting[] = {"Your comment is awaiting moderation.",
                                    "Dein Kommentar wartet auf Freischaltung.",
                                    "Dein Kommentar wartet auf Moderation.",
                                    "Ihr Kommentar wartet auf Freischaltung.",
                                    "Votre commentaire est en attente de modération.",
                                    NULL};

/* Where a page's own matters begin below the article: a line of nothing else, or one that
 * begins so where the word ends in a blank or a colon. */
const char *const page_end_marks[] = {"Teilen:",
                                      "Teilen mit:",
                                      "Share this:",
                                      "Share:",
                                      "Partager :",
                                      "Compartir:",
                                      "Gefällt mir:",
                                      "Like this:",
                                      "J’aime ça :",
                                      "Ähnliche Beiträge",
                                      "Ähnliche Artikel",
                                      "Related",
                                      "Related posts",
                                      "Related Posts",
                                      "Beitragsnavigation",
                                      "Beitrags-Navigation",
                                      "Post navigation",
                                      "Navigation des articles",
                                      "Über den Autor",
                                      "Über den Autor/ die Autorin",
                                      "Über die Autorin",
                                      "About the author",
                                      "About the Author",
                                      "Dieser Eintrag wurde veröffentlicht ",
                                      "Dieser Beitrag wurde ",
                                      "This entry was posted ",
                                      "Veröffentlicht in ",
                                      "Posted in ",
                                      "Filed under",
                                      "Filed under: ",
                                      "Schlagworte",
                                      "Schlagwörter",
                                      "Schlagwörter: ",
                                      "Schlagworte: ",
                                      "Kategorie",
                                      "Kategorien: ",
                                      "Categories: ",
                                      "Tags: ",
                                      "Tagged with ",
                                      "Unsere Lesetipps",
                                      NULL};

/* First words of lines for getting about a site. */
const char *const page_menus[] = {"Skip to ",
                                  "Zum Inhalt",
                                  "Springe zum",
                                  "Direkt zum",
                                  "Menü",
                                  "Menu",
                                  "Home",
                                  "Startseite",
                                  "Login",
                                  "Log in",
                                  "Sign in",
                                  "Search",
                                  "Suche",
                                  "Aller au contenu",
                                  "Accueil",
                                  "Перейти",
                                  "Меню",
                                  "Главная",
                                  "Ir al contenido",
                                  "Inicio",
                                  "Vai al contenuto",
                                  "Themen",
                                  "Navigation",
                                  "Anmelden",
                                  "Abonnieren",
                                  "Subscribe",
                                  NULL};

/* First words of a line that says who wrote the article and when. */
const char *const page_bylines[] = {"By ",
                                    "by ",
                                    "Von ",
                                    "von ",
                                    "Par ",
                                    "Por ",
                                    "Di ",
                                    "Posted ",
                                    "Published ",
                                    "Veröffentlicht",
                                    "Dieser Eintrag wurde veröffentlicht ",
                                    "This entry was posted ",
                                    "Publié ",
                                    "Geschrieben ",
                                    "Erstellt ",
                                    "Автор",
                                    "Опубликовано",
                                    NULL};
