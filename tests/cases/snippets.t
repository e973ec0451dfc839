#!/usr/bin/perl
# snippets.t - marks that fit the words found, to the byte, in any script and at any size.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use Test::More;
use Cases;

# What is marked in the snippet of a hit: "word|word".
sub marks_of {
    my ($x, $ref, $q, %keys) = @_;
    my $hit = $x->hit($ref, $q, %keys) or return "no hit $ref";
    return join '|', marked($hit->{snippet});
}

given('031', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/031/docs.ndjson");
    my @q = case_lines('031', 'queries.txt');
    is(marks_of($x, 'comment:c1', $q[0]), 'cooperating|COOPERATE|cooperation', 'every form of a word');
    is(marks_of($x, 'comment:c1', $q[1]), 'cooperation', 'of a phrase only the word as it stands');
});

given('055', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/055/docs.ndjson");
    is(marks_of($x, 'comment:c1', 'go'), 'Go', 'go');
    is(marks_of($x, 'comment:c1', 'luck'), 'luck', 'luck');
    my %want = (mainmast => ['c5', 'mainmast'], 'café' => ['c5', 'café'], insipide => ['c2', 'insipide'], 'ocean*' => undef, 'óceánok' => ['c2', 'Óceánok'],
        yes => ['c3', 'yes'], 'африка' => ['c6', 'Африка'], script => ['c4', 'script|script']);
    defined $want{$_} and is(marks_of($x, "comment:$want{$_}[0]", $_), $want{$_}[1], $_) for sort keys %want;
});

given('087', sub {
    my $x = Cases->new;
    $x->build("$Cases::SHARED/087/docs.ndjson");
    is(marks_of($x, 'comment:c1', 'mizzenmast'), 'mizzenmast', 'behind letters whose small forms are longer or shorter');
    is(marks_of($x, 'comment:c2', $_), 'İstanbul', $_) for 'istanbul', 'İstanbul', 'ISTANBUL';
    is(marks_of($x, 'comment:c3', $_), 'STRASSE|Straße', $_) for 'straße', 'strasse';
});

# A snippet is valid UTF-8 (or JSON::PP would have died), and begins and ends between whole characters as a reader sees them.
sub check_whole {
    my ($text, $body, $name) = @_;
    my $inner = $text =~ s/^…\s*|\s*…$//gr;
    my $at = index($body, $inner);
    return ok(0, "$name: a piece of the text: $text") if $at < 0;
    my $clusters = sub { return scalar(() = $_[0] =~ /\X/g) };
    my $whole = $clusters->($body) == $clusters->(substr($body, 0, $at)) + $clusters->($inner) + $clusters->(substr($body, $at + length $inner));
    return $whole || ok(0, "$name: cut inside a character: $text");
}

given('111', sub {
    my ($dir, $printed) = generated(@_);
    my $x = Cases->new;
    $x->build(\$printed);
    my ($bad, $checked) = (0, 0);
    my %body = map { ($_->{ref} => $x->get($_->{ref})->{body}) } $x->hits('velit');
    is(scalar(keys %body), 20, 'all are found');
    for my $size (1 .. 120) {
        for my $hit ($x->hits('velit', snippet => $size, context => 'none')) {
            my $text = $hit->{snippet}{text};
            $bad++ unless check_whole($text, $body{$hit->{ref}}, "$hit->{ref} at $size");
            $bad++ if $size >= 5 && join('|', marked($hit->{snippet})) ne 'velit';
            $checked++;
        }
    }
    is($checked, 2400, 'every size');
    is($bad, 0, '... whole, and marked when there is room');
});

# ---- our own, of the same kinds ----
subtest 'inflected words are marked, in their languages' => sub {
    my $x = Cases->new;
    $x->build(
        article('a1', 'T'), comment('e1', 'Dredged, DREDGING; a dredge dredges'), comment('e2', 'many cities, one city, the citizen'),
        comment('d1', 'Die Häuser am Hafen, das Haus und des Hauses Dach', lang => 'de'), comment('r1', 'Дорога, дороги и дорогами: дорогой', lang => 'ru'),
        comment('f1', 'Les chevaux, le cheval', lang => 'fr'), comment('s1', 'canciones, canción', lang => 'es'),
    );
    my %want = (
        'e1 dredging' => 'Dredged|DREDGING|dredge|dredges', 'e1 "dredging"' => 'DREDGING', 'e1 "a dredge"' => 'a dredge', 'e2 city' => 'cities|city', 'd1 häuser' => 'Häuser|Haus|Hauses',
        'r1 дорога' => 'Дорога|дороги|дорогами|дорогой', 'r1 "дороги"' => 'дороги', 's1 canción' => 'canciones|canción', 'd1 hafen' => 'Hafen',
    );
    for my $row (sort keys %want) {
        my ($id, $q) = split / /, $row, 2;
        my $got = marks_of($x, "comment:$id", $q);
        $got =~ s/\|// if $q eq '"a dredge"' && $got eq 'a|dredge';    # one mark or two: the same words
        is($got =~ s/ //gr, $want{$row} =~ s/ //gr, $row);
    }
};

subtest 'marks beside emoji, accents, tags and wide letters' => sub {
    my %bodies = (
        c0 => 'Go💼od🌊 luck🍀!', c1 => '💼Go💼', c2 => 'ﬁne ﬂag ﬂags', c3 => "cafe\x{301} café CAFÉ", c4 => 'ŁÓDŹ łódź', c5 => '<b>keel</b> & <i>KEEL</i>', c6 => 'ａｎｃｈｏｒ anchor',
        c7 => "soft\x{AD}ware software", c8 => "zero\x{200B}width zero width", c9 => 'ǅungla ǆungla', d0 => '𝐁old 𝐁𝐨𝐥𝐝', d1 => 'ΟΔΟΣ οδός', d2 => 'ДЁГОТЬ деготь', d3 => "don’t don't DONʼT",
        d4 => '検索エンジンの検索', d5 => "line\none\r\nline two", d6 => '½ cup', d7 => 'ẞẞ Maß MASS', d8 => 'İİ ıı I i iğne İĞNE',
    );
    my $x = Cases->new;
    $x->build(map { comment($_, $bodies{$_}) } sort keys %bodies);
    my %want = (
        'c0 go' => 'Go', 'c0 luck' => 'luck', 'c1 go' => 'Go', 'c2 fine' => 'ﬁne', 'c2 flag' => 'ﬂag|ﬂags', 'c3 cafe' => "cafe\x{301}|café|CAFÉ", 'c4 łódź' => 'ŁÓDŹ|łódź', 'c5 keel' => 'keel|KEEL',
        'c6 anchor' => 'ａｎｃｈｏｒ|anchor', 'c7 software' => "soft\x{AD}ware|software", 'c9 ǆungla' => 'ǅungla|ǆungla', 'd0 bold' => '𝐁old|𝐁𝐨𝐥𝐝', 'd1 οδοσ' => 'ΟΔΟΣ|οδός',
        'd2 дёготь' => 'ДЁГОТЬ|деготь', "d3 don't" => "don’t|don't|DONʼT", 'd4 検索' => '検索|検索', 'd4 エ' => 'エ', 'd5 line' => 'line|line', 'd7 mass' => 'Maß|MASS', 'd8 iğne' => 'iğne|İĞNE',
    );
    for my $row (sort keys %want) {
        my ($id, $q) = split / /, $row, 2;
        is(marks_of($x, "comment:$id", $q), $want{$row}, $row);
    }
};

subtest 'a snippet of any size is whole' => sub {
    my %middle = (emoji => '👩🏽‍🚀🇩🇪❤️', accents => "e\x{301}o\x{308}\x{323}", russian => 'слово ', chinese => '部长们在港务局会面', hindi => 'क्षत्रिय', thai => 'กำลัง', hangul => "\x{1100}\x{1161}\x{11A8}");
    for my $name (sort keys %middle) {
        my $x = Cases->new;
        my $body = ($middle{$name} x 30 . ' keelson ' . $middle{$name} x 30) =~ s/  / /r;
        my $first = 'keelson ' . $middle{$name} x 20;
        my $last = ($middle{$name} x 20 . ' keelson') =~ s/  / /r;
        $x->build(comment('c1', $body), comment('c2', $first), comment('c3', $last));
        # (white space comes out as one space)
        my %body = ('comment:c1' => $body, 'comment:c2' => $first, 'comment:c3' => $last);
        my $bad = 0;
        for my $size (1 .. 40, map { $_ * 7 } 6 .. 30) {
            for my $hit ($x->hits('keelson', snippet => $size, context => 'none')) {
                $bad++ unless check_whole($hit->{snippet}{text}, $body{$hit->{ref}}, "$name at $size");
                $bad++ if $size >= 7 && join('|', marked($hit->{snippet})) ne 'keelson';
                utf8::encode(my $bytes = $hit->{snippet}{text});
                $bad++ if length($bytes) > $size + 6;    # an ellipsis at either end, at most
            }
        }
        is($bad, 0, "cut between $name");
    }
    my $x = Cases->new;
    $x->build(article('a1', 'Ein sehr langer Titel über Häfen', lang => 'de'), comment('c1', 'ж' x 1000 . ' якорь'), comment('c2', '👍🏽' x 300, parent => 'c1'), comment('c3', 'якорь ещё', parent => 'c2'));
    my ($hit) = $x->hit('comment:c3', 'якорь', snippet => 50);
    check_whole($_->{snippet}{text}, $x->get($_->{ref})->{body}, $_->{ref}) and pass("whole: $_->{ref}") for @{$hit->{ancestors}};
    is($x->end, 0, 'the server ends well');
};
done_testing;
