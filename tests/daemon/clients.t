#!/usr/bin/perl
# clients.t - contrib/clients: the same question in four languages, as a line and over HTTP, and what is wrong is said.
use strict;
use warnings;
use utf8;
use lib 'tests/daemon';
use Encode ();
use File::Temp ();
use Test::More;
use Weft;

my $dir = Weft::index_of(map { Encode::encode_utf8("$_\n") } '{"type":"article","id":"tide","title":"Прилив & the tide","author":"Ed","body":"It comes and goes."}',
    '{"type":"comment","id":"c1","article":"tide","author":"Zoë \"Z\" Ö","body":"Mussels, + 100 % of them; cafe\u0301."}',
    '{"type":"comment","id":"c2","article":"lost","body":"No mussels here, nor anything else that could be meant by them."}',
    '{"type":"article","id":"pier","title":"The pier","body":"It was built in 1911."}');
my $d = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/index", http => ['127.0.0.1:0'], args => ['--workers', 2]);
my ($tcp) = $d->http_addresses;

my %asked = (
    '"100 % of them" OR café' => "Прилив & the tide\n  Zoë \"Z\" Ö: Mussels, + 100 % of them; cafe\x{301}.\n",
    'built' => "The pier\n  no name: It was built in 1911.\n",
    'nor' => "article:lost\n  no name: No mussels here, nor anything else that could be meant by them.\n",
    'nothing_of_the_kind' => '',
);

# What a program printed, what it said, and its exit status.
sub run {
    my @command = map { Encode::encode_utf8($_) } @_;
    my $scratch = File::Temp->newdir;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        delete @ENV{qw(http_proxy HTTP_PROXY all_proxy)};
        open(STDOUT, '>', "$scratch/out") && open(STDERR, '>', "$scratch/err") or POSIX::_exit(126);
        exec(@command) or POSIX::_exit(127);
    }
    waitpid($pid, 0);
    my @read = map { open(my $fh, '<:encoding(UTF-8)', "$scratch/$_") or die; local $/; scalar(<$fh>) // '' } qw(out err);
    return (@read, $? >> 8);
}

for (['php', 'php', 'php-cli'], ['python3', 'py', 'python3'], ['node', 'mjs', 'nodejs'], ['ruby', 'rb', 'ruby']) {
    my ($language, $ending, $package) = @$_;
    SKIP: {
        skip "no $language here (Debian: $package)", 1 unless grep { -x "$_/$language" } split /:/, $ENV{PATH};
        subtest $language => sub {
            my @client = ($language, "contrib/clients/search.$ending");
            for my $address ($d->{socket}, "http://$tcp") {
                for my $query (sort keys %asked) {
                    is(join('|', run(@client, $address, $query)), "$asked{$query}||0", Encode::encode_utf8("$query at $address"));
                }
                my ($out, $err, $status) = run(@client, $address, 'date:2014..2013');
                like("$out$err", qr/\Asearch\.$ending: bad_query: .+\n\z/, "an error is said, at $address");
                is($status, 1, 'and told by the status');
            }
            for my $address ("$d->{socket}.not", 'http://127.0.0.1:1') {
                my ($out, $err, $status) = run(@client, $address, 'built');
                like("$out$err", qr/\Asearch\.$ending: no answer.*\n\z/, 'nobody there');
                is($status, 1, 'is told too');
            }
        };
    }
}
is($d->stop, 0, 'the daemon ends well');
done_testing;
