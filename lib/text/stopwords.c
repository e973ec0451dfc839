/* stopwords.c - words that say little, for languages common in comments: articles,
 * pronouns, prepositions, auxiliaries.
 *
 * In folded form (no accents, no apostrophes: "dont"), each list in byte order; a test
 * holds both. A query keeps them when it has nothing else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language.h"

#include "weft/text.h"

#include "banned.h"

/* clang-format off */
static const char *const german[] = {
    "aber", "alle", "allem", "allen", "aller", "alles", "als", "also", "am", "an",
    "ander", "andere", "anderen", "auch", "auf", "aus", "bei", "bin", "bis", "bist",
    "da", "damit", "dann", "das", "dass", "dasselbe", "dein", "deine", "dem", "den",
    "denn", "der", "des", "dessen", "dich", "die", "dies", "diese", "diesem", "diesen",
    "dieser", "dieses", "dir", "doch", "dort", "du", "durch", "ein", "eine", "einem",
    "einen", "einer", "eines", "er", "es", "etwas", "euch", "euer", "eure", "fur",
    "gegen", "hab", "habe", "haben", "hat", "hatte", "hatten", "hier", "hin", "hinter",
    "ich", "ihm", "ihn", "ihnen", "ihr", "ihre", "ihrem", "ihren", "ihrer", "im", "in",
    "indem", "ins", "ist", "ja", "jede", "jedem", "jeden", "jeder", "jedes", "jene",
    "jetzt", "kann", "kein", "keine", "keinem", "keinen", "keiner", "man", "mein",
    "meine", "mich", "mir", "mit", "muss", "nach", "nicht", "nichts", "noch", "nun",
    "nur", "ob", "oder", "ohne", "schon", "sehr", "sein", "seine", "seinem", "seinen",
    "seiner", "seit", "sich", "sie", "sind", "so", "soll", "sondern", "sonst", "uber",
    "um", "und", "uns", "unser", "unsere", "unter", "viel", "vom", "von", "vor", "war",
    "waren", "warst", "was", "weg", "weil", "welche", "welcher", "wenn", "wer", "werde",
    "werden", "wie", "wieder", "will", "wir", "wird", "wo", "zu", "zum", "zur", "zwar",
    "zwischen",
};

static const char *const english[] = {
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are",
    "arent", "as", "at", "be", "because", "been", "before", "being", "between", "both",
    "but", "by", "can", "cannot", "cant", "could", "couldnt", "did", "didnt", "do",
    "does", "doesnt", "doing", "dont", "down", "during", "each", "few", "for", "from",
    "further", "had", "hadnt", "has", "hasnt", "have", "havent", "having", "he", "her",
    "here", "hers", "herself", "him", "himself", "his", "how", "i", "if", "in", "into",
    "is", "isnt", "it", "its", "itself", "just", "me", "more", "most", "my", "myself",
    "no", "nor", "not", "of", "off", "on", "once", "only", "or", "other", "our", "ours",
    "ourselves", "out", "over", "own", "same", "she", "should", "shouldnt", "so",
    "some", "such", "than", "that", "the", "their", "theirs", "them", "themselves",
    "then", "there", "these", "they", "this", "those", "through", "to", "too", "under",
    "until", "up", "us", "very", "was", "wasnt", "we", "were", "werent", "what", "when",
    "where", "which", "while", "who", "whom", "why", "will", "with", "wont", "would",
    "wouldnt", "you", "your", "yours", "yourself", "yourselves",
};

static const char *const spanish[] = {
    "a", "al", "algo", "ante", "antes", "aquel", "aquella", "asi", "aun", "aunque",
    "cada", "como", "con", "contra", "cual", "cuando", "de", "del", "desde", "donde",
    "dos", "durante", "e", "el", "ella", "ellas", "ellos", "en", "entre", "era", "eran",
    "eres", "es", "esa", "esas", "ese", "eso", "esos", "esta", "estaba", "estan",
    "estar", "estas", "este", "esto", "estos", "estoy", "fue", "fueron", "ha", "habia",
    "han", "hasta", "hay", "he", "la", "las", "le", "les", "lo", "los", "mas", "me",
    "mi", "mis", "mucho", "muy", "nada", "ni", "no", "nos", "nosotros", "nuestra",
    "nuestro", "o", "os", "otra", "otro", "otros", "para", "pero", "por", "porque",
    "pues", "que", "quien", "quienes", "se", "sea", "ser", "si", "sido", "sin", "sobre",
    "solo", "son", "soy", "su", "sus", "suya", "suyo", "tal", "tambien", "tan", "tanto",
    "te", "tiene", "tienen", "todo", "todos", "tu", "tus", "un", "una", "uno", "unos",
    "vosotros", "vuestra", "vuestro", "y", "ya", "yo",
};

static const char *const french[] = {
    "a", "ai", "as", "au", "aux", "avait", "avec", "avez", "avoir", "avons", "c", "ce",
    "ceci", "cela", "ces", "cet", "cette", "comme", "d", "dans", "de", "des", "donc",
    "du", "elle", "elles", "en", "es", "est", "et", "etaient", "etait", "etant", "ete",
    "etes", "etre", "eu", "eux", "fait", "ici", "il", "ils", "j", "je", "jusqu", "l",
    "la", "le", "les", "leur", "leurs", "lorsqu", "lui", "m", "ma", "mais", "me",
    "meme", "mes", "moi", "mon", "n", "ne", "ni", "nos", "notre", "nous", "on", "ont",
    "ou", "par", "pas", "plus", "pour", "puisqu", "qu", "que", "quel", "quelle",
    "quelles", "quels", "qui", "quoi", "quoiqu", "s", "sa", "sans", "se", "sera", "ses",
    "si", "soi", "son", "sont", "sous", "suis", "sur", "t", "ta", "te", "tes", "toi",
    "ton", "tous", "tout", "toute", "tres", "tu", "un", "une", "vos", "votre", "vous",
    "y",
};

static const char *const italian[] = {
    "a", "abbiamo", "ad", "agli", "ai", "al", "all", "alla", "alle", "allo", "anche",
    "avere", "aveva", "c", "che", "chi", "ci", "cio", "come", "con", "contro", "cosi",
    "cui", "d", "da", "dagli", "dai", "dal", "dall", "dalla", "dalle", "dallo", "degli",
    "dei", "del", "dell", "della", "delle", "dello", "di", "dove", "e", "ecco", "ed",
    "era", "erano", "essere", "fa", "fino", "fra", "gia", "gli", "ha", "hai", "hanno",
    "ho", "i", "il", "in", "io", "l", "la", "le", "lei", "li", "lo", "loro", "lui", "m",
    "ma", "me", "mentre", "mi", "mia", "miei", "mio", "ne", "negli", "nei", "nel",
    "nell", "nella", "nelle", "nello", "no", "noi", "non", "nostra", "nostro", "o",
    "ogni", "per", "perche", "pero", "piu", "poi", "qual", "quale", "quando", "quanto",
    "quella", "quelle", "quelli", "quello", "questa", "queste", "questi", "questo",
    "qui", "s", "se", "sei", "senza", "si", "sia", "siamo", "siete", "sono", "sopra",
    "sotto", "sta", "stata", "stato", "su", "sua", "sue", "sugli", "sui", "sul", "sull",
    "sulla", "sulle", "sullo", "suo", "suoi", "t", "ti", "tra", "tu", "tua", "tue",
    "tuo", "tutti", "tutto", "un", "una", "uno", "v", "vi", "voi", "vostra", "vostro",
};

static const char *const dutch[] = {
    "aan", "achter", "al", "alles", "als", "altijd", "andere", "ben", "bent", "bij",
    "daar", "dan", "dat", "de", "deze", "die", "dit", "doch", "doen", "door", "dus",
    "een", "eens", "en", "er", "ge", "geen", "geweest", "haar", "had", "hadden", "heb",
    "hebben", "heeft", "hem", "hen", "het", "hier", "hij", "hoe", "hun", "iemand",
    "iets", "ik", "in", "is", "ja", "je", "jij", "jou", "jouw", "jullie", "kan", "kon",
    "kunnen", "maar", "me", "meer", "men", "met", "mij", "mijn", "moet", "na", "naar",
    "niet", "niets", "nog", "nu", "of", "om", "omdat", "onder", "ons", "ook", "op",
    "over", "reeds", "te", "tegen", "toch", "toen", "tot", "u", "uit", "uw", "van",
    "veel", "voor", "want", "waren", "was", "wat", "we", "wel", "werd", "wezen", "wie",
    "wij", "wil", "worden", "wordt", "zal", "ze", "zei", "zelf", "zich", "zij", "zijn",
    "zo", "zonder", "zou", "zouden",
};

static const char *const portuguese[] = {
    "a", "ao", "aos", "aquela", "aquelas", "aquele", "aqueles", "aquilo", "as", "ate",
    "com", "como", "da", "das", "de", "dela", "delas", "dele", "deles", "depois", "do",
    "dos", "e", "ela", "elas", "ele", "eles", "em", "entre", "era", "eram", "essa",
    "essas", "esse", "esses", "esta", "estao", "estas", "estava", "este", "estes",
    "estou", "eu", "foi", "foram", "ha", "isso", "isto", "ja", "lhe", "lhes", "mais",
    "mas", "me", "mesmo", "meu", "meus", "minha", "minhas", "muito", "na", "nao", "nas",
    "nem", "no", "nos", "nossa", "nossas", "nosso", "nossos", "num", "numa", "o", "os",
    "ou", "para", "pela", "pelas", "pelo", "pelos", "por", "porque", "qual", "quando",
    "que", "quem", "sao", "se", "seja", "sem", "ser", "sera", "seu", "seus", "so",
    "sob", "sobre", "somos", "sou", "sua", "suas", "tambem", "te", "tem", "tenho",
    "ter", "teu", "teus", "tinha", "tu", "tua", "tuas", "um", "uma", "umas", "uns",
    "voce", "voces", "vos",
};

static const char *const russian[] = {
    "а", "без", "более", "бы", "был", "была", "были", "было", "быть", "в", "вам",
    "вами", "вас", "ваш", "весь", "во", "вот", "все", "всего", "всех", "вы", "где",
    "да", "даже", "для", "до", "его", "ее", "если", "есть", "еще", "же", "за", "и",
    "из", "или", "им", "ими", "их", "к", "как", "ко", "когда", "который", "кто", "ли",
    "либо", "между", "меня", "мне", "мной", "может", "мой", "моя", "мы", "на", "над",
    "надо", "нам", "нами", "нас", "наш", "не", "него", "нее", "ней", "нет", "ни", "них",
    "но", "ну", "о", "об", "однако", "он", "она", "они", "оно", "от", "очень", "по",
    "под", "при", "про", "с", "сам", "свой", "себе", "себя", "со", "так", "также",
    "такой", "там", "твой", "те", "тебе", "тебя", "тем", "то", "того", "тоже", "той",
    "только", "том", "тот", "ты", "у", "уже", "хотя", "чего", "чей", "чем", "что",
    "чтобы", "чье", "чья", "эта", "эти", "это", "этого", "этой", "этом", "этот", "эту",
    "я",
};

/* clang-format on */

#define LIST(code, words)                                                                  \
    {                                                                                      \
        code, words, sizeof words / sizeof *words                                          \
    }

static const struct {
    const char *code;
    const char *const *words;
    size_t count;
} lists[] = {
    LIST("de", german),  LIST("en", english), LIST("es", spanish),    LIST("fr", french),
    LIST("it", italian), LIST("nl", dutch),   LIST("pt", portuguese), LIST("ru", russian),
};

const char *const *stop_words_of(int language, size_t *count)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].code, weft_language_code(language)) != 0)
            continue;
        *count = lists[i].count;
        return lists[i].words;
    }
    *count = 0;
    return NULL;
}

bool weft_stop_word(int language, weft_str folded)
{
    size_t low = 0, high;
    const char *const *words = stop_words_of(language, &high);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = weft_str_cmp(folded, weft_str_from(words[middle]));
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
