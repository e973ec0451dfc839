#!/usr/bin/perl
# session.t - the session in doc/protocol.md, request by request, over corpus/.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use File::Temp ();
use JSON::PP ();
use Weft;

open(my $doc, '<', 'doc/protocol.md') or die "doc/protocol.md: $!\n";
my ($session) = do { local $/; <$doc> } =~ /^    \$ nc [^\n]*\n((?:    [^\n]*\n)+)/m;
my @lines = map { s/^    //r } split /\n/, $session // '';
ok(@lines >= 10 && @lines % 2 == 0, 'doc/protocol.md has a session of requests and replies');

my $dir = File::Temp->newdir;
my @files = glob('corpus/*.ndjson corpus/*.txt');
is(system("$Weft::B/weft-indexer", 'build', '-q', '-i', "$dir/news", @files), 0, 'the corpus is indexed');
my $d = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/news");
my $c = $d->connect;

# What differs from run to run, and the weight and what it is in, which later versions may tune.
sub steady {
    my ($reply) = @_;
    delete @$reply{qw(took_ms version next)};
    delete $_->{score} for @{$reply->{hits} || []};
    return $reply;
}
while (my ($request, $reply) = splice @lines, 0, 2) {
    $c->send("$request\n");
    is_deeply(steady($c->reply), steady(JSON::PP::decode_json($reply)), $request);
}
is($d->stop, 0, 'exit status');
done_testing;
