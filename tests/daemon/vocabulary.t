#!/usr/bin/perl
# vocabulary.t - prefixes, spellings and "did you mean", from words of public documents only.
use strict;
use warnings;
use utf8;
use lib 'tests/daemon';
use Encode ();
use File::Temp ();
use JSON::PP ();
use Test::More;
use Weft;

binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output);
my $json = JSON::PP->new->utf8->canonical;

sub record { my (%r) = @_; return $json->encode(\%r) . "\n" }
sub comment { my ($id, $body, @more) = @_; return record(type => 'comment', id => $id, article => 'a1', body => $body, @more) }

sub answers { my ($dir, @q) = @_; return map { $json->decode($_) } Weft::ask_pipe($dir, map { Encode::encode_utf8("search context=none -- $_") } @q) }

sub found {
    my ($dir, $q) = @_;
    my ($reply) = answers($dir, $q);
    return join ' ', sort map { $_->{ref} =~ s/^comment://r } grep { !$_->{relaxed} } @{$reply->{hits}};
}

my @archive = (record(type => 'article', id => 'a1', title => 'Town council', body => 'The council met.'),
    comment('c1', 'The service was slow.'), comment('c2', 'Servicing the lift took a week.'), comment('c3', 'Two services a day, they said.'),
    comment('c4', 'Servile, I call it.'), comment('c5', 'A CAFÉ near the harbour.'), comment('c6', "> The harbour master\n\nNo idea."),
    comment('c7', 'Xylophone lessons', status => 'hidden'), comment('c8', 'харчевня у порта'), comment('c9', 'データベースが壊れた'),
    comment('c10', 'The harbour is shut.'), comment('c11', 'Every harbour floods.'));
my $dir = Weft::index_of(@archive);

my %hits = (
    'serv*' => 'c1 c2 c3 c4', 'service*' => 'c1 c3', 'servic*' => 'c1 c2 c3', 'SERVI*' => 'c1 c2 c3 c4', 'servil*' => 'c4', 'cafe*' => 'c5', 'café*' => 'c5',
    'harb*' => 'c10 c11 c5', 'xylo*' => '', 'харч*' => 'c8', 'データ*' => 'c9', 'serv* -service*' => 'c2 c4', 'serv* lift' => 'c2', 'counc*' => 'article:a1',
    'quote:harbour serv*' => '', 'nothingso*' => '',
    '~servise' => 'c1 c3 c4', '~sevrice' => 'c1 c3 c4', '~harbor' => 'c10 c11 c5', '~xylophon' => '', '~харчевна' => 'c8', '~cafe' => 'c5', '~dwonright' => '',
    '~ervice' => 'c1', '~zervice' => 'c1',
);
is(found($dir, $_), $hits{$_}, "hits of $_") for sort keys %hits;

my ($reply) = answers($dir, 'serv* OR cafe*');
my %marked = map { my $s = $_->{snippet}; map { substr(Encode::encode_utf8($s->{text}), $_->[0], $_->[1] - $_->[0]) => 1 } @{$s->{marks}} } @{$reply->{hits}};
is_deeply([sort keys %marked], [sort 'service', 'Servicing', 'services', 'Servile', Encode::encode_utf8("CAF\x{c9}")], 'what a prefix finds is marked');

my %meant = (
    servise => 'service', 'harbuor' => undef, 'serivce harbuor' => undef, 'xylophome' => undef, 'lift servicng' => 'lift servicing', 'Servilee!' => 'servile!',
    'lift' => undef, 'lft' => undef, 'author:servise' => undef, '"servise"' => undef, '-servise lift' => undef, 'zzzzzz' => undef, 'council (servise OR lift)' => 'council (service OR lift)',
    'cofe' => 'cafe', 'slow servise' => 'slow service',
);
$meant{harbuor} = 'harbour';
$meant{'serivce floods'} = undef; # no document says both
for my $q (sort keys %meant) {
    my ($r) = answers($dir, $q);
    is($r->{suggestion}, $meant{$q}, "meant by $q");
}
($reply) = answers($dir, 'harbour');
ok(exists $reply->{suggestion} && !defined $reply->{suggestion}, 'null with enough hits');

# A word is gone with the last document that says it.
my $delete = File::Temp->new;
print {$delete} record(type => 'comment', id => 'c4', article => 'a1', deleted => JSON::PP::true);
$delete->flush;
is(system("$Weft::B/weft-indexer add -q -i $dir/index $delete >/dev/null"), 0, 'deleted');
is_deeply([map { $_->{suggestion} } answers($dir, 'servilee')], ['service'], 'and no longer suggested');
is(found($dir, 'servil*'), '', 'nor found by a prefix');

# Nor is what was said before a change, or by a comment that was taken back.
my $change = File::Temp->new;
print {$change} comment('c1', 'The ferry was slow.'), comment('c5', 'A café near the harbour.', status => 'hidden');
$change->flush;
is(system("$Weft::B/weft-indexer add -q -i $dir/index $change >/dev/null"), 0, 'changed');
is(found($dir, 'ferr*'), 'c1', 'what a change brings is found by a prefix');
is(found($dir, 'cafe*'), '', 'what was hidden is not');
is_deeply([map { $_->{suggestion} } answers($dir, 'fery', 'servise', 'cofe')], ['ferry', 'services', undef],
    'and only what is said now is suggested');

# Words of 2 conversations each: a slip away from one of 40, but the second is another form of it, the third too short; and a
# slip away from one of 39.
my @rare = map {
    my @said = ('council', $_ <= 2 ? qw(govirnment railway candle lantern) : (), $_ > 2 && $_ <= 42 ? qw(government railways handle) : (),
        $_ > 2 && $_ <= 41 ? 'lanters' : ());
    (record(type => 'article', id => "r$_", title => 'News', body => 'Today.'),
        record(type => 'comment', id => "rc$_", article => "r$_", body => "@said"))
} 1 .. 50;
my $rare = Weft::index_of(@rare);
my %slips = (
    'govirnment' => 'government', 'govirnment council' => 'government council', 'railway govirnment' => 'railway government',
    'goverment' => 'government', 'railway' => undef, 'candle' => undef, 'lantern' => undef, 'council' => undef, 'govirnment zzzzz' => undef,
);
for my $q (sort keys %slips) {
    my ($r) = answers($rare, $q);
    is($r->{suggestion}, $slips{$q}, "meant by the rare $q");
}

# More words than a prefix may stand for.
my @many = (record(type => 'article', id => 'm', title => 'Parts', body => 'List.'),
    map { record(type => 'comment', id => "m$_", article => 'm', body => sprintf('part qua%s', join '', map { chr(97 + $_) } split //, sprintf '%04d', $_)) } 1 .. 1001);
push @many, record(type => 'article', id => 'n', title => 'quabaab', body => 'The last of them, in a second conversation.');
my $many = Weft::index_of(@many);
my ($cut, $all) = answers($many, 'qua*', 'quaba*');
is($cut->{total}{hits}, 1001, 'a prefix of over 1,000 words stands for 1,000');
is(found($many, 'qua* title:quabaab'), 'article:n', 'of which the more frequent are some');
is_deeply($all->{warnings}, [], 'one of fewer stands for all');
like($cut->{warnings}[0]{message}, qr/over 1000 words begin with 'qua'/, 'and says so');

# "pinumiped" and "vitraplaked" have one number in the stream of words. A comment that says the one, under a comment with
# another word of vitr-, does not say a word of vitr-.
my $alike = Weft::index_of(
    map { $json->encode($_) . "\n" } {type => 'article', id => 'a', title => 'Ferry', body => 'It sails.'},
    {type => 'comment', id => 'p', article => 'a', body => 'A vitruk again.'},
    {type => 'comment', id => 'c', article => 'a', parent => 'p', body => 'Some pinumiped.'},
    {type => 'comment', id => 'o', article => 'a', body => 'No vitraplaked.'});
is(found($alike, 'vitr*'), 'o p', 'words of one number are told apart by their stems');

# Misspelt words of the corpus: two letters swapped, one dropped, doubled or replaced.
srand(20);
my $corpus = Weft::index_of(map { open(my $in, '<', $_) or die "$_: $!\n"; <$in> } glob('corpus/*.ndjson'));
my %words;
for my $file (glob 'corpus/*.ndjson') {
    open(my $in, '<', $file) or die "$file: $!\n";
    while (<$in>) {
        my $r = $json->decode($_);
        next if ($r->{status} // 'public') ne 'public' || $r->{deleted};
        my $own = join "\n", grep { !/^\s*>/ } split /\n/, $r->{body} // '';
        $words{lc $_}++ for grep { length >= 5 } $own =~ /(?<![\p{L}\p{M}'’])([A-Za-z]+)(?![\p{L}\p{M}'’])/g;
    }
}
my @words = sort keys %words;
my %pairs;
while (keys %pairs < 200) {
    my $word = $words[rand @words];
    my ($at, $wrong) = (int rand(length($word) - 1), $word);
    my $kind = int rand 4;
    substr($wrong, $at, 2) = reverse substr($word, $at, 2) if $kind == 0;
    substr($wrong, $at, 1) = '' if $kind == 1;
    substr($wrong, $at, 1) x= 2 if $kind == 2;
    substr($wrong, $at, 1) = chr(97 + rand 26) if $kind == 3;
    $pairs{$wrong} = $word if !$words{$wrong};
}
my @wrong = sort keys %pairs;
my ($right, @missed) = (0);
for my $r (answers($corpus, @wrong)) {
    my $q = shift @wrong;
    if (($r->{suggestion} // '') eq $pairs{$q}) { $right++ } else { push @missed, "$q ($pairs{$q}): " . ($r->{suggestion} // 'none') . " of $r->{total}{hits}" }
}
cmp_ok($right, '>=', 170, "$right of 200 misspelt words are understood") or diag join "\n", @missed;
done_testing;
