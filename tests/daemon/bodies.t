#!/usr/bin/perl
# bodies.t - bodies of HTML and Markdown: what is found, shown and quoted is what a reader reads.
use strict;
use warnings;
use utf8;
use lib 'tests/daemon';
use JSON::PP ();
use Test::More;
use Weft;

my $json = JSON::PP->new->utf8->canonical;
sub comment { return $json->encode({type => 'comment', article => 'a1', @_}) . "\n" }
sub html { return comment(format => 'html', @_) }

my $said  = 'The pilots will not sail before the tide turns again.';
my $quote = "<blockquote><p>The pilots will not <i>sail</i> before\nthe tide turns again.</p></blockquote>";
my %html  = (c2 => "$quote<p>I <a class=\"zebra\" href=\"https://x.org/weather\" title=\"okapi\">dis<b>agree</b></a> &amp;quot;strongly&amp;quot;: caf&eacute;.");
my $dir = Weft::index_of(
    $json->encode({type => 'article', id => 'a1', title => 'Harbour', format => 'html',
        body => '<p>Closed for <script>walrus()</script><em>repairs</em></p><!-- wp:gnu --><p>Until June.</p>'}) . "\n",
    comment(id => 'c1', author => 'Ann', body => $said),
    html(id => 'c2', author => 'Bob', parent => 'c1', body => $html{c2}),
    html(id => 'c3', author => 'Cy', parent => 'c1', body => '<style>.lynx{}</style><aside class="quote" data-username="Ann" data-post="1">'
        . "\n<div class=\"title\"><img class=\"avatar\"> Ann:</div>\n$quote\n</aside>\n<p>Why?</p>"),
    comment(id => 'c4', author => 'Di', parent => 'c1', format => 'markdown', body => "&gt; The pilots will not sail before the tide turns again.\n\n**Surely** [they](https://x.org/crew) will"),
    comment(id => 'c5', author => 'Ed', parent => 'c2', body => "> $said\n\nText <b>kept</b> &amp; as it is"),
    html(id => 'c6', parent => 'c2', body => '<img src="x.png">'),
    html(id => 'c7', parent => 'c2', body => "<p>$said</p><p>So they said.</p>"));

sub found { return map { join ' ', sort map { $_->{relaxed} ? () : $_->{ref} =~ s/^comment://r } @{$_->{hits}} } Weft::replies_of($dir, map { {cmd => 'search', q => $_, limit => 50} } @_) }

my %want = (disagree => 'c2', 'café' => 'c2', strongly => 'c2', '"strongly café"' => 'c2', weather => 'c2', why => 'c3', surely => 'c4', crew => 'c4',
    zebra => '', okapi => '', walrus => '', script => '', lynx => '', style => '', blockquote => '', quot => '', gnu => '', href => '',
    avatar => '', gt => '', png => '', repairs => 'article:a1', 'body:june' => 'article:a1', '"closed for repairs"' => 'article:a1',
    amp => 'c5', pilots => 'c1', 'quote:pilots' => 'c2 c3 c4 c5 c7', 'quotes:ann' => 'c2 c3 c4 c5 c7');
my @queries = sort keys %want;
my @got = found(@queries);
is($got[$_], $want{$queries[$_]}, "found by $queries[$_]") for 0 .. $#queries;

# What is shown around a hit, and the marks in it.
my ($r) = Weft::replies_of($dir, {cmd => 'search', q => 'disagree café', context => 'full'});
my $hit = $r->{hits}[0];
my $shown = 'I disagree (https://x.org/weather) "strongly": café.';
is($hit->{snippet}{text}, $shown, 'the snippet is text');
my $bytes = $shown;
utf8::encode($bytes);
is(join('|', map { substr($bytes, $_->[0], $_->[1] - $_->[0]) } @{$hit->{snippet}{marks}}), "disagree|caf\xC3\xA9", '... with its words marked, to the byte');
is_deeply($hit->{quotes}, [{of => 'comment:c1', author => 'Ann', text => $said}], 'a <blockquote> of the parent is a quote of it');
for my $of (['why', 'c3', 'Why?'], ['surely', 'c4', 'Surely they (https://x.org/crew) will']) {
    ($r) = Weft::replies_of($dir, {cmd => 'search', q => $of->[0]});
    is($r->{hits}[0]{snippet}{text}, $of->[2], "$of->[1]: its own words");
    is_deeply($r->{hits}[0]{quotes}, [{of => 'comment:c1', author => 'Ann', text => $said}], '... and the quote of its parent');
}

# get has both, thread the text.
my $text = "> $said\n\n$shown";
my ($get, $plain, $empty, $thread) = Weft::replies_of($dir, 'get ref=comment:c2', 'get ref=comment:c5', 'get ref=comment:c6', 'thread ref=article:a1');
is_deeply([@{$get->{doc}}{qw(format body text)}], ['html', $html{c2}, $text], 'get: the body as it came, and its text');
is_deeply([@{$plain->{doc}}{qw(format body text)}], [undef, "> $said\n\nText <b>kept</b> &amp; as it is", undef], 'text is its own text');
is_deeply([@{$empty->{doc}}{qw(body text)}], ['<img src="x.png">', ''], 'nothing to read');
my %body = map { $_->{ref} => $_->{body} } @{$thread->{comments}};
is($thread->{article}{body}, "Closed for repairs\n\nUntil June.", 'thread: the text of the article');
is($body{'comment:c2'}, $text, '... of a comment');
is($body{'comment:c3'}, "Quote: Ann\n> $said\n\nWhy?", '... with the name of a quote');
is($body{'comment:c6'}, '', '... of one without words');

# similar goes by the same words.
$dir = Weft::index_of(
    $json->encode({type => 'article', id => 'a1', title => 'Ferry', format => 'html', body => '<p class="walrus lynx okapi">The timetable of ferries</p>'}) . "\n",
    $json->encode({type => 'article', id => 'a2', title => 'Boats', body => 'A timetable for ferries and others'}) . "\n",
    $json->encode({type => 'article', id => 'a3', title => 'Zoo', body => 'walrus lynx okapi class'}) . "\n");
my ($similar) = Weft::replies_of($dir, 'similar ref=article:a1');
is_deeply([map { $_->{ref} } @{$similar->{hits}}], ['article:a2'], 'similar: by words, not by attributes') or diag explain $similar;
done_testing;
