#!/usr/bin/perl
# context.t - a hit in its conversation: headline, ancestors, replies, quotes, thread; snippets and their marks.
use strict;
use warnings;
use utf8;
use lib 'tests/daemon';
use Encode qw(encode_utf8 decode_utf8);
use JSON::PP ();
use Test::More;
use Weft;

my $json = JSON::PP->new->utf8->canonical;

sub record { return $json->encode({@_}) . "\n" }
sub article { return record(type => 'article', @_) }
sub comment { return record(type => 'comment', article => 'a1', @_) }
sub hits_of { return map { $_->{hits} } Weft::replies_of(@_) }
sub ids { return join ' ', map { $_->{ref} =~ s/comment://r } @_ }

# The bytes that marks point at, in their text.
sub marked {
    my ($of, $marks) = @_;
    my $bytes = encode_utf8($of);
    return join '|', map { decode_utf8(substr $bytes, $_->[0], $_->[1] - $_->[0]) } @$marks;
}
sub marked_in { return marked($_[0]{snippet}{text}, $_[0]{snippet}{marks}) }

# --- one conversation, told whole ---

my $dir = Weft::index_of(
    article(id => 'a1', title => 'Harbour soup wins', body => 'A soup.', author => 'Ed', date => '2013-05-01T08:00:00Z',
        url => 'https://x/a1', site => 'Herald'),
    comment(id => 'c1', author => 'Ann', date => '2013-05-01T09:00:00Z', body => 'Too much pepper in the kettle on Sunday.'),
    comment(id => 'c2', parent => 'c1', author => 'Secret', body => 'Secret words', status => 'deleted'),
    comment(id => 'c3', parent => 'c2', author => 'Bob', date => '2013-05-01T10:00:00Z', url => 'https://x/c3', score => 4,
        body => "Quote: Ann\nToo much pepper in the kettle\n\nNonsense, the pepper was mild."),
    comment(id => 'r1', parent => 'c3', author => 'Cy', date => '2013-05-05', body => 'one'),
    comment(id => 'r2', parent => 'c3', author => 'Cy', date => '2013-05-03', body => 'two'),
    comment(id => 'r3', parent => 'c3', author => 'Cy', body => 'three'),
    comment(id => 'r4', parent => 'c3', author => 'Cy', date => '2013-05-04', body => 'four'),
    comment(id => 'r5', parent => 'c3', author => 'Cy', date => '2013-05-02', body => 'five'),
    comment(id => 'r6', parent => 'c3', author => 'Cy', date => '2013-05-06', body => 'six'),
    comment(id => 'r7', parent => 'c3', author => 'Cy', date => '2013-05-01', body => 'gone', status => 'hidden'),
    comment(id => 'r8', parent => 'r2', author => 'Di', date => '2013-05-07', body => 'seven'),
    comment(id => 's1', article => 'a2', parent => 'lost', body => 'Stranded mild pepper'));
my ($reply) = Weft::replies_of($dir, 'search -- mild nonsense');
my $hit = $reply->{hits}[0];
is_deeply([@$hit{qw(ref type author date url depth votes relaxed)}],
    ['comment:c3', 'comment', 'Bob', '2013-05-01T10:00:00Z', 'https://x/c3', 2, 4, JSON::PP::false], 'the hit itself');
is_deeply($hit->{article}, {ref => 'article:a1', title => 'Harbour soup wins', url => 'https://x/a1', site => 'Herald', author => 'Ed',
    date => '2013-05-01T08:00:00Z', marks => []}, 'its headline');
is_deeply($hit->{ancestors}, [
    {ref => 'comment:c1', author => 'Ann', date => '2013-05-01T09:00:00Z', depth => 0,
        snippet => {text => 'Too much pepper in the kettle on Sunday.', marks => []}},
    {ref => 'comment:c2', removed => JSON::PP::true, depth => 1}], 'ancestors, root first; a removed one has its place only');
is($hit->{omitted}, 0, 'none is omitted');
is_deeply([@{$hit->{replies}}{qw(direct all)}], [6, 7], 'public replies are counted');
is(ids(@{$hit->{replies}{first}}), 'r5 r2 r4 r1 r6', 'the first five are shown, oldest first');
is_deeply($hit->{replies}{first}[0], {ref => 'comment:r5', author => 'Cy', date => '2013-05-02T00:00:00Z', depth => 3,
    snippet => {text => 'five', marks => []}}, '... each with what it says');
is_deeply($hit->{quotes}, [{of => 'comment:c1', author => 'Ann', text => 'Too much pepper in the kettle'}], 'whom it quotes');
is_deeply($hit->{thread}, {comments => 9, matched => 1}, 'the thread: public comments, and those found');
unlike($json->encode($reply), qr/Secret|gone|"r7"/, 'nothing of what is not public');

my ($soup, $undated, $leaf, $pepper, $stub) = hits_of($dir, 'search type=comment -- soup nonsense', 'search -- three',
    'search -- author:di', 'search sort=oldest -- pepper', 'search -- stranded');
is(marked($soup->[0]{article}{title}, $soup->[0]{article}{marks}), 'soup', 'words found in the headline are marked there');
ok(!exists $undated->[0]{date} && !exists $undated->[0]{url} && !exists $undated->[0]{votes}, 'what is unknown is left out');
is(ids(@{$leaf->[0]{ancestors}}), 'c1 c2 c3 r2', 'four ancestors in order');
is_deeply($leaf->[0]{replies}, {direct => 0, all => 0, first => []}, 'a leaf');
is_deeply([map { "$_->{ref} $_->{thread}{comments} $_->{thread}{matched}" } grep { !$_->{relaxed} } @$pepper],
    ['comment:c1 9 2', 'comment:c3 9 2', 'comment:s1 1 1'], 'found and all comments of each thread');
is(marked_in($pepper->[1]), 'pepper', 'a snippet is of own words: what is quoted is not in it');
unlike($pepper->[1]{snippet}{text}, qr/kettle/, '... really not');
is_deeply($stub->[0]{article}, {ref => 'article:a2', stub => JSON::PP::true}, 'the headline of a stub');
is_deeply([@{$stub->[0]}{qw(depth orphan ancestors)}], [0, JSON::PP::true, []], 'an orphan is at the top and says so');

my ($article) = hits_of($dir, 'search type=article -- harbour');
is(marked($article->[0]{title}, $article->[0]{title_marks}), 'Harbour', 'an article has its own title with marks');
ok(!exists $article->[0]{$_}, "... and no $_") for qw(article ancestors replies depth omitted);
is_deeply($article->[0]{thread}, {comments => 9, matched => 1}, '... and its thread');

my @amounts = hits_of($dir, map { "search context=$_ -- mild nonsense" } qw(full line none));
is(join(' ', map { my $h = $_->[0]; join '', map { exists $h->{$_} ? 1 : 0 } qw(article ancestors omitted replies quotes thread) } @amounts),
    '111111 100001 000000', 'context: full, line, none');
is_deeply([map { $_->[0]{snippet} } @amounts], [($hit->{snippet}) x 3], '... all with the snippet');

# --- a chain 40 deep: the root and the nearest ---

my @chain = map { comment(id => "c$_", $_ ? (parent => 'c' . ($_ - 1)) : (), body => "link$_ chain", date => 1367000000 + $_) } 0 .. 40;
my $deep = Weft::index_of(article(id => 'a1', title => 'Chain'), @chain);
my ($at40, $at16, $at17, $root) = hits_of($deep, map { "search -- link$_" } 40, 16, 17, 0);
is(ids(@{$at40->[0]{ancestors}}), join(' ', 'c0', map { "c$_" } 25 .. 39), '16 of 40 ancestors: the root and the nearest 15');
is_deeply([map { $_->{depth} } @{$at40->[0]{ancestors}}], [0, 25 .. 39], '... with their depths');
is($at40->[0]{omitted}, 24, '... and how many are omitted');
is(@{$at16->[0]{ancestors}} . " $at16->[0]{omitted}", '16 0', '16 ancestors are all shown');
is(@{$at17->[0]{ancestors}} . " $at17->[0]{omitted}", '16 1', 'of 17 one is omitted');
is(ids(@{$at17->[0]{ancestors}}[0, 1]), 'c0 c2', '... the one after the root');
is_deeply($root->[0]{replies}{all}, 40, 'the root has 40 replies');

# --- 100 hits with 16 long ancestors each: 256 KiB of context and no more, also as JSON with its escapes and marks ---

for my $words (join(' ', map { "word$_" } 1 .. 400), '"\\" ' x 600, 'anchor ' x 300) {
    my $heavy = Weft::index_of(article(id => 'a1', title => 'Heavy'),
        (map { comment(id => "c$_", $_ ? (parent => 'c' . ($_ - 1)) : (), body => $words) } 0 .. 19),
        map { comment(id => "h$_", parent => 'c19', body => join("\n\n", map { "> $words $_" } 1 .. 5) . "\n\nanchor stone") } 1 .. 100);
    my ($hits) = hits_of($heavy, 'search limit=100 snippet=2000 -- =stone anchor');
    my $texts = 0;
    for my $h (@$hits) {
        $texts += 1 + length $json->encode($_) for @{$h->{ancestors}}, @{$h->{replies}{first}}, @{$h->{quotes}};
    }
    my $shown = substr $words, 0, 12;
    is(scalar @$hits, 100, "every hit is there: $shown");
    cmp_ok($texts, '<=', 256 * 1024, '... their context is at most 256 KiB');
    cmp_ok($texts, '>', 200 * 1024, '... which it nearly fills');
    is(scalar(grep { @{$_->{ancestors}} + $_->{omitted} != 20 } @$hits), 0, '... and what is not shown is counted');
    is($hits->[99]{omitted}, 20, '... of the last hit all ancestors');
}

# --- 20 quotes of 21, each no longer than a snippet ---

my $quoting = Weft::index_of(article(id => 'a1', title => 'Quotes'), map { my $n = $_; comment(id => "q$n", body => join("\n\n",
    map { "> said $_ " . 'é' x 300 . "\n\nanswer" } 1 .. $n)) } 20, 21);
my ($all, $most, $short) = hits_of($quoting, 'search -- answer id:q20', 'search -- answer id:q21', 'search snippet=12 -- answer id:q21');
is(scalar @{$all->[0]{quotes}}, 20, '20 quotes are all shown');
is(scalar @{$most->[0]{quotes}}, 20, '... and of 21 the first 20');
ok(!exists $all->[0]{quotes_omitted}, '... none of 20 is left out');
is($most->[0]{quotes_omitted}, 1, '... of 21 one, which is counted');
is(encode_utf8($short->[0]{quotes}[0]{text}), encode_utf8('said 1 éé'), '... cut at a whole letter to the size of a snippet');
my ($family) = "\x{1F468}\x{200D}\x{1F469}\x{200D}\x{1F467}";    # one character of 18 bytes for a reader
my $crowd = Weft::index_of(article(id => 'a1', title => 'Quotes'), comment(id => 'q1', body => "> e\x{301}t $family$family\n\nanswer"));
for ([22, "e\x{301}t "], [23, "e\x{301}t $family"], [40, "e\x{301}t $family"], [41, "e\x{301}t $family$family"], [2, ''], [3, "e\x{301}"]) {
    my ($hits) = hits_of($crowd, "search snippet=$_->[0] -- answer");
    is(encode_utf8($hits->[0]{quotes}[0]{text}), encode_utf8($_->[1]), "... at whole characters as a reader sees them: $_->[0] bytes");
}

# --- snippets: never over their size, marks exact in text of several bytes a letter ---

my @texts = (
    [de => 'Die Straße führt über die Brücke nach München, wo es viele Brücken gibt. Grüße aus Köln!', 'brücke', qr/^Brücken?(?:\|Brücken?)*$/],
    [ru => 'Ёжик шёл в тумане и искал лошадь. Ежи любят туман, а лошади нет.', 'лошадь', qr/^лошад[ьи](?:\|лошад[ьи])*$/],
    [en => 'Naïve “café” — the cafés of 東京 are 🍜 fine; a CAFÉ a day', 'cafe', qr/^(?:cafés?|CAFÉ)(?:\|(?:cafés?|CAFÉ))*$/],
    [en => "e\x{301}clair and E\x{301}CLAIR, eclairs", 'eclair', qr/^[eE]\x{301}?(?:clair|CLAIR)/]);
my $many = Weft::index_of(article(id => 'a1', title => 'Languages'),
    map { comment(id => "t$_", lang => $texts[$_][0], body => "$texts[$_][1] " . "$texts[$_][1] " x 40) } 0 .. $#texts);
my @sizes = (1, 2, 3, 5, 10, 17, 40, 99, 240, 241, 1999, 2000);
for my $i (0 .. $#texts) {
    my (undef, $text, $word, $pattern) = @{$texts[$i]};
    my (@over, @wrong, $most);
    my @found = hits_of($many, map { {cmd => 'search', q => "id:t$i $word", snippet => $_, context => 'none'} } @sizes);
    for my $s (0 .. $#sizes) {
        my $snippet = $found[$s][0]{snippet};
        push @over, $sizes[$s] if length(encode_utf8($snippet->{text})) > $sizes[$s];
        my $marked = marked_in($found[$s][0]);    # in a snippet that has no room for the word, what there is of it
        my $good = $sizes[$s] < 17 ? index($text, $marked) >= 0 : $marked =~ $pattern;
        push @wrong, "$sizes[$s]: $marked" if @{$snippet->{marks}} && !$good;
        push @wrong, "$sizes[$s]: marks out of order" if grep { $_->[0] >= $_->[1] } @{$snippet->{marks}};
        $most = @{$snippet->{marks}};
    }
    is("@over", '', encode_utf8("$word: no snippet is over its size"));
    is(encode_utf8("@wrong"), '', '... and every mark is on the word');
    cmp_ok($most, '>', 5, '... of which 2,000 bytes hold many');
}
my ($phrase, $near) = hits_of($dir, 'search -- "pepper was mild"', 'search -- mild NEAR/3 nonsense OR "the pepper" NEAR/2 mild');
is(marked_in($phrase->[0]), 'pepper|was|mild', 'the words of a phrase are marked');
is(marked_in($near->[0]), 'Nonsense|the|pepper|mild', '... and of a NEAR, each part where it stands');
my ($far) = hits_of($dir, 'search -- "nonsense the" NEAR/9 mild -"the kettle"');
is(marked_in($far->[0]), 'Nonsense|the|mild', '... also apart, but nothing that is excluded');
done_testing;
