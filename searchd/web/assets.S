/* assets.S - the files of the search page, as they are, in the program's constants. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
    .section .rodata

    .global web_style_begin, web_style_end
web_style_begin:
    .incbin "searchd/web/weft.css"
web_style_end:

    .global web_script_begin, web_script_end
web_script_begin:
    .incbin "searchd/web/weft.js"
web_script_end:

    .global web_icon_begin, web_icon_end
web_icon_begin:
    .incbin "searchd/web/favicon.svg"
web_icon_end:

    .section .note.GNU-stack, "", @progbits
