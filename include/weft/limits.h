/* weft/limits.h - every limit of weft, one constant each; doc/limits.md has a row for each.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_LIMITS_H
#define WEFT_LIMITS_H

enum {
    /* records */
    WEFT_LINE_MAX = 16 * 1024 * 1024, /* bytes of one input line */
    WEFT_BODY_MAX = 1024 * 1024,      /* bytes */
    WEFT_TEXT_MAX = 1024 * 1024,      /* bytes of the readable text made of a body */
    WEFT_TITLE_MAX = 4096,            /* bytes */
    WEFT_AUTHOR_MAX = 256,            /* bytes; also author_id, section, site, kind */
    WEFT_URL_MAX = 4096,              /* bytes */
    WEFT_ID_MAX = 200,                /* bytes */
    WEFT_TAGS_MAX = 64,               /* tags of an article */
    WEFT_JSON_DEPTH_MAX = 32,         /* nesting of requests and weft NDJSON */
    WEFT_CHARSET_LINES_MIN = 20,      /* lines a file must have to be judged no UTF-8 */
    WEFT_CHARSET_BAD_PERCENT = 50,    /* lines that are not UTF-8 in one that is */
    WEFT_MAIL_MAX = 64 * 1024 * 1024, /* bytes of one message of mail */
    WEFT_MAILS_MAX = 500000,          /* messages of one input */
    WEFT_MAIL_REFERENCES_MAX = 64,    /* ids that one header of a message names */
    /* packed inputs */
    WEFT_UNPACK_RATIO_MAX = 250,               /* bytes unpacked of one packed, past the */
    WEFT_UNPACK_FREE_BYTES = 64 * 1024 * 1024, /* first ones, which are not judged */
    WEFT_UNPACK_MIB_MAX = 65536,               /* unpacked of one file, in MiB */
    WEFT_UNPACK_MEMBERS_MAX = 500000,          /* files in one file */
    WEFT_UNPACK_NESTING_MAX = 4,               /* packings in each other */
    WEFT_SUMMARY_IDS_MAX = 2000000, /* records of one input whose ids are compared for its
                                       summary */
    WEFT_COMMENT_URLS_MAX = 200000, /* articles of one input whose URLs are kept for
                                       --comment-url */
    /* documents and threads */
    WEFT_DOCUMENT_TERMS_MAX = 50000, /* distinct terms */
    WEFT_THREAD_WORDS_MAX = 200000,  /* distinct words of a conversation */
    WEFT_WORD_MAX = 64,              /* code points; a longer word is cut and hashed */
    WEFT_TERM_MAX = 245,             /* bytes, escaped as Xapian stores them */
    WEFT_THREAD_MAX = 1000000,       /* comments */
    WEFT_DEPTH_MAX = 256,  /* a deeper comment hangs on its ancestor at this depth */
    WEFT_QUOTES_MAX = 256, /* quotes kept of one comment */
    WEFT_QUOTE_NESTING_MAX = 16,
    /* writing */
    WEFT_BATCH_RECORDS = 10000,          /* records of one commit of `add` */
    WEFT_BATCH_BYTES = 64 * 1024 * 1024, /* text of one commit of `add` */
    /* queries */
    WEFT_QUERY_MAX = 1024,        /* bytes */
    WEFT_CLAUSES_MAX = 64,        /* words and fields of a query */
    WEFT_QUERY_NESTING_MAX = 16,  /* open parentheses */
    WEFT_PHRASE_MAX = 32,         /* words */
    WEFT_PREFIX_MIN = 3,          /* letters before the * */
    WEFT_EXPANSIONS_MAX = 1000,   /* words a prefix stands for */
    WEFT_SPELLINGS_MAX = 50,      /* words a ~word stands for */
    WEFT_NEIGHBOURS_MAX = 100000, /* words looked at to find those */
    WEFT_SUGGEST_BELOW = 3,       /* hits with which no other spelling is suggested */
    WEFT_COMPLETE_BYTES = 256,    /* of a text to be completed */
    WEFT_COMPLETE_MAX = 20,       /* completions of each kind */
    WEFT_COMPLETE_TERMS = 200000, /* words and names looked at for them */
    WEFT_SIMILAR_MAX = 20,        /* related conversations of one reply */
    WEFT_HITS_MAX = 100,          /* hits of one reply */
    WEFT_WINDOW_MAX = 10000,      /* offset + limit */
    WEFT_TOTAL_EXACT = 1000,      /* totals are exact up to here unless totals=exact */
    /* replies */
    WEFT_ANCESTORS_MAX = 16,      /* shown of one hit */
    WEFT_REPLIES_MAX = 20,        /* shown of one hit */
    WEFT_REPLIES_SHOWN = 5,       /* first direct replies of one hit in a search */
    WEFT_CONTEXT_ITEM_MAX = 2048, /* bytes of text of one ancestor or reply */
    WEFT_REPLY_MAX = 256 * 1024,  /* bytes of context of one reply */
    WEFT_SNIPPET_DEFAULT = 240,   /* bytes */
    WEFT_SNIPPET_MAX = 2000,      /* bytes */
    WEFT_FACET_VALUES = 10,       /* shown of one facet */
    WEFT_FACET_HITS = 100000,     /* counted for facets where totals are not exact */
    WEFT_CURSOR_MAX = 2048,       /* bytes of a cursor */
    /* protocol */
    WEFT_REQUEST_MAX = 64 * 1024, /* bytes of one request line */
    WEFT_REPLY_LINE_MAX =
        8 * 1024 *
        1024, /* bytes of one reply line; `get` of a large record is the longest */
    WEFT_PIPELINE_MAX = 64, /* requests of a connection not yet answered */
    WEFT_CONNECTIONS_MAX = 512,
    WEFT_PER_ADDRESS_MAX = 32,
    WEFT_WORKERS_MAX = 64,
    WEFT_SOFT_DEADLINE_MS = 500,
    WEFT_HARD_DEADLINE_MS = 2000,
    WEFT_IDLE_TIMEOUT_S = 60,
    WEFT_WRITE_TIMEOUT_S = 10,
    WEFT_HTTP_LINE_MAX = 8 * 1024,  /* bytes of a request line with its CR LF */
    WEFT_HTTP_HEAD_MAX = 16 * 1024, /* bytes of all header fields */
    WEFT_HTTP_BODY_MAX = 64 * 1024, /* bytes of a request's body */
    WEFT_HTTP_HEAD_S = 5,    /* from accept, or a request's first byte, to the head's end */
    WEFT_HTTP_BODY_S = 10,   /* from there to the body's end */
    WEFT_CHANGED_RETRIES = 3 /* a reader overtaken by commits starts again this often */
};

#endif
