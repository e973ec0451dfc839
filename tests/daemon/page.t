#!/usr/bin/perl
# page.t - the search page as the server writes it: what users wrote is text in it, links go where they say, nothing needs a script.
use strict;
use warnings;
use utf8;
use lib 'tests/daemon';
use JSON::PP ();
use Weft;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
my $evil = q(<script>alert(1)</script>"'&amp;);
my @lines = map { $json->encode($_) . "\n" } (
    {type => 'article', id => 'a', title => "Tide $evil", body => "The tide.\n\n> quoted $evil", author => $evil, section => $evil, site => $evil, url => 'javascript:alert(1)', date => '2013-05-03T09:16:00Z'},
    {type => 'comment', id => 'c1', article => 'a', author => $evil, body => "Tide <img src=x onerror=alert(1)> $evil", url => 'https://x.example/?a=1&b="2', date => '2013-05-04', score => 1},
    {type => 'comment', id => 'c2', article => 'a', parent => 'c1', author => 'Ann', body => 'No tide at all, été.', date => '2014-01-01'},
    {type => 'comment', id => 'c3', article => 'a', parent => 'c2', body => 'Tide again.'},
    {type => 'comment', id => 'gone', article => 'a', body => 'secret tide', deleted => JSON::PP::true},
    {type => 'comment', id => 'c4', article => 'a', parent => 'gone', author => 'Bob "the" Boat', body => 'I saw that. Tide.'},
    (map { {type => 'article', id => "n$_", title => "Number $_", body => 'ebb', section => $_ % 2 ? 'odd' : 'even', author => 'Ann', date => '2015-02-03'} } 1 .. 25),
    {type => 'comment', id => 'long', article => 'n2', body => 'neap ' x 600},
    (map { {type => 'comment', id => "m$_", article => 'n1', body => "flood $_"} } 1 .. 120),
);
my $dir = Weft::index_of(@lines);
my $d = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/index", http => ['unix'], args => ['--workers', 1, '--site-name', 'Tide & Co']);

# The page of a path, which must be well formed enough: every tag of a few kinds closed, no script but ours, no handler.
sub page {
    my ($path, $status) = @_;
    my $a = $d->http($path);
    my $html = $a->{body};
    utf8::decode($html);
    is($a->{status}, $status // 200, "$path: status");
    is($a->{header}{'content-type'}, 'text/html; charset=utf-8', "$path: HTML");
    like($a->{header}{'content-security-policy'}, qr/^default-src 'none'; style-src 'self'; script-src 'self';/, "$path: nothing from elsewhere");
    my @scripts = $html =~ /<script\b[^>]*>/g;
    is_deeply(\@scripts, ['<script src="/weft.js" defer>'], "$path: one script, ours");
    unlike($html, qr/<(?:img|iframe|object)\b|<[^>]*\son\w+=|href="(?!\/|https?:\/\/|\?)/, "$path: no markup of users");
    for my $tag (qw(main form ol li p article details div a mark blockquote)) {
        my $open = () = $html =~ /<$tag\b/g;
        my $close = () = $html =~ /<\/$tag>/g;
        is($open, $close, "$path: <$tag> closed") if $open != $close;
    }
    return $html;
}

my $page = page('/');
like($page, qr/<title>Tide &amp; Co<\/title>/, 'the name of the site');
like($page, qr/thread:\(ferry timetable\)/, 'examples');
unlike($page, qr/<article/, 'no hits before a question');

$page = page('/?q=tide');
like($page, qr/<h2 dir="auto"><a href="\/thread\/[^"]+"><mark>Tide<\/mark> &lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;amp;/, 'a hostile title, marked');
like($page, qr/&lt;img src=x onerror=alert\(1\)&gt;/, 'a hostile body');
like($page, qr/href="https:\/\/x\.example\/\?a=1&amp;b=&quot;2"/, 'a link that is followed');
unlike($page, qr/javascript:/, 'one that is not');
like($page, qr/<time datetime="2013-05-04T00:00:00Z">4 May 2013, 00:00<\/time>/, 'a date');
like($page, qr/in answer to <span dir="auto">Ann<\/span>, and 1 before/, 'folded ancestors');
like($page, qr/<summary>2 replies<\/summary>/, 'replies');
like($page, qr/in answer to <span dir="auto">a comment<\/span>/, 'an answer to what was removed');
unlike($page, qr/secret/, 'which is not shown');
like($page, qr/<a rel="nofollow" dir="auto" href="\/\?q=tide%20author:%22Ann%22">Ann<\/a>/, 'an author to narrow to');
like($page, qr/href="\/\?q=tide%20date:2013">2013<\/a> <span>\d/, 'and a year');
unlike($page, qr/author:%22Bob/, 'a name that cannot be quoted is no link');
like(page('/?q=tid&type='), qr/value="tid"/, 'empty fields of the form');
like(page('/?q=%22%3E%3Cscript%3E'), qr/value="&quot;&gt;&lt;script&gt;"/, 'a hostile question');
like(page('/?q=%C3%A9t%C3%A9'), qr/<title>été · /, 'another script');
like(page('/?q=tiide'), qr/Did you mean <a href="\/\?q=tide">tide<\/a>/, 'another spelling');
like(page('/?q=zzzz'), qr/Nothing was found/, 'nothing');
like(page('/?q=date:soup'), qr/class="warning">&#39;soup&#39; is not a date/, 'a warning');
like(page('/?q=tide&from=2014-01-01&to=2014-12-31'), qr/1 hit in/, 'between two days');
like(page('/?from=2014-01-01'), qr/\d+ hits in/, 'days alone');
like(page('/?q=tide&from=2014-01-01&to=2013-01-01', 400), qr/ends before it begins/, 'a failure, for people');
like(page('/?q=tide&sort=best', 400), qr/role="alert">&#39;sort&#39; must be one of/, 'a wrong choice');
page('/?q=tide&colour=red', 400);

# Page after page by cursor: every hit once.
my (%seen, $next);
$next = '/?q=ebb&sort=oldest';
while ($next) {
    my $one = page($next);
    $seen{$_}++ for $one =~ /<h2 dir="auto"><a href="\/thread\/(article:n\d+)/g;
    ($next) = $one =~ /<a rel="next" href="([^"]+)"/;
    $next =~ s/&amp;/&/g if $next;
    die "too many pages\n" if keys %seen > 100;
}
is(scalar(keys %seen), 25, 'all hits over the pages');
is_deeply([grep { $seen{$_} != 1 } keys %seen], [], 'each once');

# By conversation: the headline once.
my $grouped = page('/?q=flood&group=thread');
is(scalar(() = $grouped =~ /<h2/g), 1, 'one headline');
is(scalar(() = $grouped =~ /class="hit[ "]/g), 3, 'three hits under it');

# A thread.
$page = page('/thread/comment:c3?q=tide');
like($page, qr/<h1 dir="auto">Tide &lt;script/, 'the article');
like($page, qr/<blockquote><p>quoted &lt;script/, 'a quote in it');
like($page, qr/<li class="comment d2 at" id="at" tabindex="-1">/, 'the hit in its place');
like($page, qr/<p class="removed">removed<\/p>/, 'a place');
unlike($page, qr/secret/, 'without its text');
like($page, qr/<a href="\/\?q=tide">Back to the results/, 'the way back');
like(page('/thread/article:a'), qr/<article class="article at" id="at">/, 'an article as the hit');
unlike($page, qr/class="cut"/, 'all of a text');
like(page('/thread/comment:long'), qr/<p class="cut">The text goes on\.<\/p>/, 'a text that goes on');
page('/thread/comment:none', 404);
page('/thread/nonsense', 400);
my @all;
$next = '/thread/article:n1';
while ($next) {
    my $one = page($next);
    push @all, $one =~ /flood (\d+)</g;
    my ($link) = $one =~ /<a href="([^"]+)">later comments/;
    $next = $link ? "/thread/article:n1$link" : undef;
    die "too many pages\n" if @all > 1000;
}
is_deeply([sort { $a <=> $b } @all], [1 .. 120], 'a long thread, page after page');

# Files, methods, and where pages are not.
for (['/weft.css', 'text/css; charset=utf-8'], ['/weft.js', 'text/javascript; charset=utf-8'], ['/favicon.svg', 'image/svg+xml']) {
    my $a = $d->http($_->[0]);
    is($a->{header}{'content-type'}, $_->[1], $_->[0]);
    is($d->http($_->[0], headers => ["If-None-Match: $a->{header}{etag}"])->{status}, 304, "$_->[0] is kept");
}
is($d->http('/', body => '{}')->{status}, 405, 'a page is not posted to');
is($d->ask('{"cmd":"results","q":"tide"}')->{error}{code}, 'bad_request', 'no page by lines');
is(scalar(grep { /results|conversation/ } @{$d->ask('hello')->{commands}}), 0, 'nor does hello tell of them');
is($d->stop, 0, 'it ends well');
done_testing;
