#!/usr/bin/perl
# suggest.t - completions of what is typed: words, authors and headlines of public documents only.
use strict;
use warnings;
use utf8;
use lib 'tests/daemon';
use Encode ();
use JSON::PP ();
use Test::More;
use Unicode::Normalize ();
use Weft;

binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output);
my $json = JSON::PP->new->utf8->canonical;

sub record { my (%r) = @_; return $json->encode(\%r) . "\n" }
sub article { my ($id, $title, @more) = @_; return record(type => 'article', id => $id, title => $title, body => 'News.', @more) }
sub comment { my ($id, $article, $body, @more) = @_; return record(type => 'comment', id => $id, article => $article, body => $body, @more) }

# The completions of texts as "kind text/count", those with a slip as "kind~text/count".
sub rows { my ($reply) = @_; return map { $_->{kind} . ($_->{typo} ? '~' : ' ') . "$_->{text}/$_->{count}" } @{$reply->{suggestions}} }
sub suggested {
    my ($dir, @texts) = @_;
    return map { [rows($_)] } Weft::replies_of($dir, map { {cmd => 'suggest', limit => 20, prefix => $_} } @texts);
}

my @archive = (
    article('a1', 'Harbour dredging begins', author => 'Petra Lindqvist', date => '2020-01-01T00:00:00Z'),
    article('a2', 'Old harbour sold', author => 'Petra Lindqvist', date => '2021-01-01T00:00:00Z'),
    article('a3', 'The Harmony Singers', author => 'José Peña'),
    article('a4', 'Порт закрыт', author => 'Ёлкин Пётр'), article('a5', '東京都の港', author => '山田太郎'),
    article('a6', 'Servicing the lift', status => 'hidden', author => 'Hidden Hand'),
    article('a7', 'Harpoon museum', status => 'pending', author => 'Harpo Pending'),
    comment('c1', 'a1', 'The harbour and the harmonica', author => 'Ada Threlfall'),
    comment('c2', 'a1', 'A harbourmaster wrote', author => 'ada threlfall'),
    comment('c3', 'a1', 'Xylophone, harmful', status => 'hidden', author => 'Xavier Hide'),
    comment('c4', 'a1', 'Xylograph', status => 'pending', author => 'Xenia Wait'),
    comment('c5', 'a2', "The café's CAFÉ; harbour", author => 'Adam Ant'),
    comment('c6', 'a6', 'Xylitol here', author => 'Xander Under'),
    comment('c7', 'a4', 'Портовый кран, порт', author => 'Ада'),
    comment('c8', 'a2', "> Xyster of the old\n\nNot mine."),
    comment('c9', 'a3', 'zq' . 'w' x 90),
);
my $dir = Weft::index_of(@archive);

my %expected = (
    'harb'       => ['word harbour/2', 'word harbourmaster/1', 'title Harbour dredging begins/2', 'title Old harbour sold/2'],
    'harm'       => ['word harmonica/1', 'word harmony/1', 'title The Harmony Singers/1'],
    'harbourm'   => ['word harbourmaster/1', 'word~harbour/2', 'title~Old harbour sold/2', 'title~Harbour dredging begins/2'],
    'old harb'   => ['word old harbour/2', 'word old harbourmaster/1', 'title Old harbour sold/2'],
    'harbour old' => ['word harbour old/1', 'title Old harbour sold/2'],
    'harbour '   => ['title Harbour dredging begins/2', 'title Old harbour sold/2'],
    'th'         => ['title The Harmony Singers/1'],
    'ada t'      => ['author Ada Threlfall/2'],
    'ada'        => ['author Ada Threlfall/2', 'author Adam Ant/1'],
    'ada '       => ['author Ada Threlfall/2', 'author~Adam Ant/1'],
    'jose p'     => ['author José Peña/1'],
    'JOSÉ'       => ['author José Peña/1'],
    'petra'      => ['author Petra Lindqvist/2'],
    'caf'        => ['word cafe/1'],
    'café'       => ['word cafe/1'],
    'порт'       => ['word порт/1', 'word портовый/1', 'title Порт закрыт/1'],
    'елк'        => ['author Ёлкин Пётр/1'],
    '東京'       => ['title 東京都の港/0'],
    '山田'       => ['author 山田太郎/1'],
    'xyl'        => [], 'xav' => [], 'xen' => [], 'xan' => [], 'hidd' => [], 'serv' => [], 'lift' => [], 'museum' => [],
    'xyst'       => [],
    'zqw'        => [],
    ''           => [], ' ' => [], '!?' => [], '-' => [],
    'aharbour'   => [],
    'threlfall'  => [],
    'ada thrl'   => ['author~Ada Threlfall/2'],
    'nothing at' => [],
);
$expected{HARB} = $expected{harb};
# What a slip stands for is in order of frequency, then of bytes; the headlines those that came last first. "harpo" is a slip too:
# the one article that says harpoon is pending.
$expected{habr} = $expected{harpo} = ['word~harbour/2', 'word~harbourmaster/1', 'word~harmonica/1', 'word~harmony/1',
    'title~Old harbour sold/2', 'title~Harbour dredging begins/2', 'title~The Harmony Singers/1'];
my @texts = sort keys %expected;
my @got = suggested($dir, @texts);
is_deeply($got[$_], $expected{$texts[$_]}, "completions of '$texts[$_]'") or diag join ' | ', @{$got[$_]} for 0 .. $#texts;

my ($reply) = Weft::replies_of($dir, {cmd => 'suggest', prefix => 'old har', id => 5});
is($reply->{id}, 5, 'the id comes back');
is($reply->{partial}, JSON::PP::false, 'not partial');
is($reply->{revision}, 1, 'of a revision');
is_deeply([map { $_->{ref} // () } @{$reply->{suggestions}}], ['article:a2'], 'a headline has its reference');
my ($line) = Weft::replies_of($dir, 'suggest limit=1 -- harb');
is_deeply([rows($line)], ['word harbour/2', 'title Harbour dredging begins/2'], 'limit is of each kind, on a line too');

# What a request must not be.
for my $row (
    ['x' x 256, undef, undef], ['x' x 257, undef, 'limit'], ['x', 0, 'bad_request'], ['x', 21, 'bad_request'], ['x', 20, undef],
    ["\x{1F600}" x 64, undef, undef], ["e\x{301}" x 85, undef, undef], ["~'\"\\%_*()" x 20, undef, undef], ['a b ' x 64, undef, undef],
    ["\x{fffd}", undef, undef], ['A' x 200, undef, undef], ["\x{10ffff}", undef, undef])
{
    my ($text, $limit, $code) = @$row;
    my ($r) = Weft::replies_of($dir, {cmd => 'suggest', prefix => $text, defined $limit ? (limit => $limit) : ()});
    is($r->{error}{code}, $code, sprintf 'a text of %d letters, limit %s', length $text, $limit // 'none');
}
($reply) = Weft::replies_of($dir, {cmd => 'suggest'});
is($reply->{error}{code}, 'bad_request', 'prefix is needed');

# What goes is gone from completions with the commit, and what comes is there.
Weft::add_to($dir, comment('c2', 'a1', 'A ferryman wrote', author => 'Fern Moss'), record(type => 'comment', id => 'c5', article => 'a2', deleted => JSON::PP::true),
    article('a3', 'The Harmony Singers', status => 'hidden', author => 'José Peña'), article('a7', 'Harpoon museum', author => 'Harpo Pending'));
my %then = (
    'harb' => ['word harbour/2', 'title Harbour dredging begins/2', 'title Old harbour sold/1'],
    'harbourm' => ['word~harbour/2', 'title~Harbour dredging begins/2', 'title~Old harbour sold/1'],
    'ferr' => ['word ferryman/1', 'author~Fern Moss/1'], 'fern' => ['word~ferryman/1', 'author Fern Moss/1'], 'ada' => ['author Ada Threlfall/1'], 'caf' => [], 'jose' => [],
    'harpo' => ['word harpoon/1', 'author Harpo Pending/1', 'title Harpoon museum/0'],
);
@texts = sort keys %then;
@got = suggested($dir, @texts);
is_deeply($got[$_], $then{$texts[$_]}, "completions of '$texts[$_]' afterwards") or diag join ' | ', @{$got[$_]} for 0 .. $#texts;
($reply) = Weft::replies_of($dir, {cmd => 'suggest', prefix => 'harb'});
is($reply->{revision}, 2, 'of the revision it was made at');

# Word completions against a count of our own: ASCII words in public texts, by conversations.
srand(7);
my @syllables = qw(ba be bo ca co da do fa ga ha la ma);
my @words = map { join '', map { $syllables[rand @syllables] } 1 .. 2 + rand 3 } 1 .. 300;
my (@random, %said);
for my $n (1 .. 60) {
    my $hidden = $n % 9 == 0;
    push @random, article("r$n", "Title $n", $hidden ? (status => 'hidden') : ());
    for my $k (1 .. 8) {
        my $status = rand() < .25 ? (qw(hidden pending))[rand 2] : 'public';
        my @own = map { $words[rand() ** 2 * @words] } 1 .. 12;
        push @random, comment("r$n-$k", "r$n", "@own", status => $status);
        next if $hidden || $status ne 'public';
        $said{$_}{$n} = 1 for @own;
    }
}
my $many = Weft::index_of(@random);
@texts = map { substr $words[rand @words], 0, 1 + rand 5 } 1 .. 150;
my @replies = Weft::replies_of($many, map { {cmd => 'suggest', limit => 20, prefix => $_} } @texts);
my $wrong = 0;
for my $i (0 .. $#texts) {
    my @right = sort { keys %{$said{$b}} <=> keys %{$said{$a}} || $a cmp $b } grep { index($_, $texts[$i]) == 0 } keys %said;
    splice @right, 20 if @right > 20;
    my $right = join ' ', map { "$_/" . keys %{$said{$_}} } @right;
    my $got = join ' ', map { "$_->{text}/$_->{count}" } grep { $_->{kind} eq 'word' && !$_->{typo} } @{$replies[$i]{suggestions}};
    $wrong++, diag "'$texts[$i]': $got\n  not $right" if $got ne $right;
}
is($wrong, 0, 'words of 150 beginnings are those of a count by hand');

# Headlines are found by each beginning of each of their words, and by two words in either order.
my @titles = ('Ferrymen were servicing ponies', "Baker's dozen of U.S. flies", 'Running studies, easily');
my $titles = Weft::index_of(map { article("t$_", $titles[$_]) } 0 .. $#titles);
my @asked;
for my $t (0, 2) {
    my @w = map { lc } $titles[$t] =~ /\w+/g;
    push @asked, map { my $w = $_; map { [substr($w, 0, $_), $t] } 1 .. length $w } @w;
    push @asked, ["$w[1] $w[0]", $t], ["$w[-1] " . substr($w[0], 0, 2), $t];
}
push @asked, ['bak', 1], ['u.s', 1], ['us', 1], ['dozen of u', 1];
@replies = Weft::replies_of($titles, map { {cmd => 'suggest', prefix => $_->[0]} } @asked);
my @missed = grep { my $i = $_; !grep { ($_->{ref} // '') eq "article:t$asked[$i][1]" && !$_->{typo} } @{$replies[$i]{suggestions}} } 0 .. $#asked;
is(join(', ', map { $asked[$_][0] } @missed), '', scalar(@asked) . ' beginnings find their headline');

# Two words that over 2,000 headlines say, of which the last are tried first, and one that says both and came first.
my $crowd = Weft::index_of(article('00000', 'Alpha beside beta'), map { (article(sprintf('%05d', 2 * $_ - 1), "Alpha $_"), article(sprintf('%05d', 2 * $_), "Beta $_")) } 1 .. 2050);
($reply) = Weft::replies_of($crowd, {cmd => 'suggest', prefix => 'alpha bet'});
is_deeply([map { $_->{ref} // () } @{$reply->{suggestions}}], ['article:00000'], 'found though it is far from the last');
($reply) = Weft::replies_of($crowd, {cmd => 'suggest', prefix => 'alph'});
is_deeply([map { $_->{ref} // () } @{$reply->{suggestions}}], [map { sprintf 'article:%05d', 4101 - 2 * $_ } 1 .. 5], 'of many the last');
done_testing;
