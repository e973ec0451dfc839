/* page_names.c - names of months and weekdays in the languages pages come in.
 *
 * Made from ICU 72's names (full and short, in a date and alone) for English, German, French,
 * Spanish, Italian, Portuguese, Catalan, Dutch, Russian, Ukrainian, Belarusian, Polish, Czech,
 * Slovak, Swedish, Danish, Norwegian, Finnish, Turkish, Romanian, Hungarian, Greek and
 * Bulgarian; in lower case without a full stop. The first three characters of a name count too
 * where no other month begins so. A name that means two months is left out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <unicode/ustring.h>

#include "banned.h"

enum { KEY_MAX = 40, UNITS_MAX = 64, MONTHS = 12, WEEKDAYS = 7 };

/* Each name between blanks. */
static const char *const months[MONTHS + 1] = {
    [1] = " gen gener ene enero gen gener gennaio ian ianuarie jan janeiro januar "
          "januari january január januára janv janvier jän jänner led leden ledna oca ocak "
          "sty styczeń stycznia tam tammi tammik tammikuu tammikuuta ιαν ιανουάριος "
          "ιανουαρίου сту студзень студзеня січ січень січня янв январь января яну януари ",
    [2] = " febr febrer feb febbraio febr febrer febrero februar februari februarie "
          "february február februára fev fevereiro fév févr février hel helmi helmik "
          "helmikuu helmikuuta lut lutego luty úno únor února şub şubat φεβ φεβρουάριος "
          "φεβρουαρίου лют лютага лютий лютого люты фев февр февраль февраля февруари ",
    [3] =
        " bře březen března març maa maalis maalisk maaliskuu maaliskuuta maart mar "
        "marca march marec mars mart martie marts marzec marzo març março mrt már márc "
        "március mär märz μάρ μάρτιος μαρ μαρτίου бер березень березня мар март марта сак "
        "сакавік сакавіка ",
    [4] =
        " abr abril apr april aprile aprilie apríl apríla avr avril dub duben dubna d’abr "
        "d’abril huh huhti huhtik huhtikuu huhtikuuta kwi kwiecień kwietnia nis nisan ápr "
        "április απρ απρίλιος απριλίου апр апрель апреля април кві квіт квітень квітня "
        "кра красавік красавіка ",
    [5] = " maig kvě květen května mag maggio mai maig maio maj maja may mayo mayıs mei "
          "máj mája május tou touko toukok toukokuu toukokuuta μάι μάιος μαΐ μαΐου май мая "
          "тра трав травень травня ",
    [6] = " cze czerwca czerwiec juny giu giugno haz haziran iun iunie juin jun june "
          "junho juni junio juny jún júna június kes kesä kesäk kesäkuu kesäkuuta červen "
          "června čvn ιουν ιουνίου ιούν ιούνιος июн июнь июня чер черв червень червня чэр "
          "чэрвень чэрвеня юни ",
    [7] = " jul juliol hei heinä heinäk heinäkuu heinäkuuta iul iulie juil juillet jul "
          "julho juli julio juliol july júl júla július lip lipca lipiec lug luglio tem "
          "temmuz července červenec čvc ιουλ ιουλίου ιούλ ιούλιος июл июль июля лип липень "
          "липня ліп ліпень ліпеня юли ",
    [8] =
        " ag ago agost agosto aoû août aug august augusta augusti augustus augusztus ağu "
        "ağustos d’ag d’agost elo elok elokuu elokuuta sie sierpień sierpnia srp srpen "
        "srpna αυγ αυγούστου αύγ αύγουστος авг август августа жні жнівень жніўня сер серп "
        "серпень серпня ",
    [9] = " set setembre eyl eylül sep sept september septembra septembre septembrie "
          "septiembre set setembre setembro settembre syy syys syysk syyskuu syyskuuta "
          "szept szeptember wrz wrzesień września zář září σεπ σεπτέμβριος σεπτεμβρίου вер "
          "верасень верасня вересень вересня сен сент сентябрь сентября сеп септември ",
    [10] = " d’o d’oct d’octubre eki ekim lok loka lokak lokakuu lokakuuta oct october "
           "octobre octombrie octubre okt oktober október októbra ott ottobre out outubro "
           "paź październik października říj říjen října οκτ οκτωβρίου οκτώβριος жов жовт "
           "жовтень жовтня кас кастрычнік кастрычніка окт октомври октябрь октября ",
    [11] = " nov novembre kas kasım lis listopad listopada listopadu marras marrask "
           "marraskuu marraskuuta noi noiembrie nov november novembra novembre novembro "
           "noviembre νοέ νοέμβριος νοε νοεμβρίου лис лист листопад листопада ліс лістапад "
           "лістапада ное ноември ноя нояб ноябрь ноября ",
    [12] = " ara aralık des desembre dec december decembra decembrie des desember "
           "desembre dez dezember dezembro dic dicembre diciembre déc décembre gru grudnia "
           "grudzień jou joulu jouluk joulukuu joulukuuta pro prosince prosinec δεκ "
           "δεκέμβριος δεκεμβρίου гру груд грудень грудня дек декабрь декабря декември сне "
           "снежань снежня ",
};

static const char *const weekdays[WEEKDAYS + 1] = {
    [1] = " dg dim dimanche diumenge dom domenica domingo dum duminică ne nedeľa neděle "
          "niedz niedziela paz pazar sonntag su sun sunday sunnuntaina sön söndag søn "
          "søndag vasárnap zo zondag κυρ κυριακή воскресенье вс нд неделя неділя нядзеля ",
    [2] =
        " dilluns dl hétfő lun lundi lunedì lunes luni ma maanantaina maandag man mandag "
        "mo mon monday montag mån måndag pazartesi po pon pondelok pondělí poniedziałek "
        "pzt seg segunda-feira δευ δευτέρα панядзелак пн понеделник понедельник понеділок ",
    [3] =
        " di dienstag dimarts dinsdag dt kedd mar mardi martedì martes marți sal salı ter "
        "terça-feira ti tiistaina tir tirs tirsdag tis tisdag tue tuesday ut utorok wt "
        "wtorek út úterý τρί τρίτη аў аўторак вт вторник вівторок ",
    [4] =
        " dc dimecres ke keskiviikkona mer mercoledì mercredi mi mie miercuri mittwoch mié "
        "miércoles ons onsdag qua quarta-feira st streda středa sze szerda wed wednesday "
        "wo woensdag çar çarşamba śr środa τετ τετάρτη серада середа ср среда сряда ",
    [5] = " cs csütörtök czw czwartek dijous dj do donderdag donnerstag gio giovedì jeu "
          "jeudi joi jue jueves per perşembe qui quinta-feira thu thursday to tor tors "
          "torsdag torstaina čt čtvrtek št štvrtok πέμ πέμπτη чацвер четвер четверг "
          "четвъртък чт чц ",
    [6] =
        " cum cuma divendres dv fr fre fredag freitag fri friday pe perjantaina pi piatok "
        "piątek pt pá pátek péntek sex sexta-feira ven vendredi venerdì vie viernes vin "
        "vineri vr vrijdag παρ παρασκευή пʼятниця петък пт пятница пятніца ",
    [7] =
        " cmt cumartesi dissabte ds la lauantaina lör lördag lør lørdag sa sab sabato sam "
        "samedi samstag sat saturday sob sobota szo szombat sáb sábado sâm sâmbătă za "
        "zaterdag σάβ σάββατο сб суббота субота събота ",
};

/* " word " in lower case, without a full stop at its end; false when it does not fit. */
static bool fold_key(weft_str word, char key[KEY_MAX + 3])
{
    UChar text[UNITS_MAX], lower[UNITS_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = 0, bytes = 0;
    u_strFromUTF8(text, UNITS_MAX, &n, word.p, (int32_t)word.n, &status);
    if (U_FAILURE(status))
        return false;
    n = u_strToLower(lower, UNITS_MAX, text, n, "", &status);
    u_strToUTF8(key + 1, KEY_MAX, &bytes, lower, n, &status);
    if (U_FAILURE(status))
        return false;
    if (bytes > 0 && key[bytes] == '.')
        bytes--;
    key[0] = ' ';
    key[bytes + 1] = ' ';
    key[bytes + 2] = '\0';
    return bytes > 0 && strchr(key + 1, ' ') == key + bytes + 1;
}

static int find_name(weft_str word, const char *const *names, int count)
{
    char key[KEY_MAX + 3];
    if (word.n < 2 || word.n >= KEY_MAX || !fold_key(word, key))
        return 0;
    for (int i = 1; i <= count; i++)
        if (strstr(names[i], key) != NULL)
            return i;
    return 0;
}

int page_month_named(weft_str word)
{
    return find_name(word, months, MONTHS);
}

int page_weekday_named(weft_str word)
{
    return find_name(word, weekdays, WEEKDAYS);
}
