#!/usr/bin/perl
# http_both.t - one vocabulary: each request, sent as a line, as a GET and as a POST, gets the same answer.
use utf8;
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use Weft;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
my @words = qw(tide ferry pier mussels harbour silt);
my @lines = map { qq({"type":"article","id":"a$_","title":"The $words[$_ % 6] and the $words[($_ + 1) % 6]","body":"About $words[$_ % 6].","author":"Ed","section":"news","date":"2026-01-0$_"}\n) } 1 .. 9;
for my $i (1 .. 60) {
    my $parent = $i % 3 ? sprintf(q(,"parent":"c%d"), $i - 1) : '';
    my $article = 'a' . (1 + int(($i - 1) / 7));
    push @lines, sprintf(qq({"type":"comment","id":"c%d","article":"%s"%s,"author":"Person %d","body":"> %s\\n%s and %s, \\u00e9t\\u00e9.","score":%d,"date":"2026-02-%02d"}\n),
        $i, $article, $parent, $i % 5, $words[$i % 6], $words[$i % 6], $words[($i * 7) % 6], $i % 9, 1 + $i % 28);
}
my $dir = Weft::index_of(@lines);
my $d = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/index", http => ['unix'], args => ['--workers', 2]);

# [command, path or undef, keys]
my @requests = (
    (map { ['search', '/v1/search', {q => $_}] } 'tide', 'tide ferry', '"tide and"', 'author:"person 1"', 'thread:(tide ferry)', 'parent:(mussels)',
        'tide -ferry', 'date:2026-02-01..2026-02-09 silt', 'fer*', 'pire', 'été', '', 'zzz', '-tide', 'date:2014..2013', 'tz:x', '((((('),
    (map { ['search', '/v1/search', {q => 'tide', %$_}] } {limit => 1}, {limit => 0}, {limit => 101}, {offset => 3}, {offset => 10001}, {sort => 'newest'},
        {sort => 'replies'}, {sort => 'best'}, {group => 'thread'}, {group => 'author', group_hits => 2}, {context => 'none'}, {context => 'full'},
        {context => 'line'}, {facets => 'author,section'}, {facets => 'x'}, {totals => 'exact'}, {explain => 1}, {type => 'article'},
        {snippet => 40}, {recency => 101}, {votes => 50}, {tz => 'Europe/Paris'}, {tz => 'Mars/Olympus'}, {timeout_ms => 100}, {cursor => 'x'}, {colour => 'red'}),
    ['search', '/v1/search', {}],
    (map { ['count', '/v1/count', {q => $_}] } 'tide', 'zzz', 'date:2014..2013'),
    ['count', '/v1/count', {q => 'tide', limit => 1}],
    (map { ['get', "/v1/doc/$_", {ref => $_}] } 'comment:c1', 'article:a1', 'comment:none', 'nonsense'),
    (map { ['thread', "/v1/thread/$_->[0]", {ref => $_->[0], %{$_->[1]}}] } ['comment:c5', {}], ['article:a2', {limit => 2}], ['article:a2', {limit => 2, offset => 1}],
        ['comment:none', {}], ['article:a2', {limit => 'x'}]),
    (map { ['suggest', '/v1/suggest', $_] } {prefix => 'ha'}, {prefix => 'person', limit => 2}, {prefix => ''}, {prefix => 'mussles'}, {limit => 0, prefix => 'a'}, {}),
    (map { ['similar', "/v1/similar/$_", {ref => $_}] } 'article:a1', 'comment:c9', 'comment:none'),
    ['status', '/v1/status', {}],
    ['hello', '/v1/hello', {}],
);

sub escaped { return join '', map { /[A-Za-z0-9_.-]/ ? $_ : sprintf '%%%02X', ord } split //, $_[0] }

# Without what differs from one time to the next.
sub told {
    my ($reply) = @_;
    delete $reply->{took_ms};
    $reply->{next} = 'a cursor' if $reply->{next};    # it holds the time of day
    return $json->encode($reply);
}

my $takes_post = qr/^(?:search|count|get|thread|suggest|similar)$/;
for (@requests) {
    my ($cmd, $path, $keys) = @$_;
    my $what = "$cmd " . $json->encode($keys);
    my $line = told($d->ask($json->encode({cmd => $cmd, %$keys})));
    my @in_query = grep { $_ ne 'ref' } sort keys %$keys;
    my $query = join '&', map { my $v = $keys->{$_}; utf8::encode($v); "$_=" . escaped($v) } @in_query;
    my $get = $d->http($path . (@in_query ? "?$query" : ''));
    is(told($get->{json}), $line, "$what by GET");
    is($get->{status} == 200 ? 1 : 0, $line =~ /"ok":true/ ? 1 : 0, "$what: its status");
    next unless $cmd =~ $takes_post;
    my %body = map { $_ => $keys->{$_} } @in_query;
    is(told($d->http($path, body => $json->encode(\%body))->{json}), $line, "$what by POST");
}
is($d->stop, 0, 'it ends well');
done_testing;
