#!/usr/bin/perl
# fake_server.pl [--tcp] [--log FILE] REPLIES COMMAND [ARG...] - run COMMAND against a server that speaks canned lines.
#
# The socket is in a temporary directory (or a TCP port of 127.0.0.1) and named to COMMAND by WEFT_SERVER. Each request
# line takes the next line of the file REPLIES; when there are no more the server hangs up. Instead of a reply a line may be:
#   !close       hang up without a reply
#   !half TEXT   send TEXT without a line feed, then hang up
#   !bytes N     send N bytes and no line feed, then wait for the client to go
#   !silent      say nothing, wait for the client to go
#   !split TEXT  send the reply in pieces of one byte
# --log FILE keeps the requests. Exits as COMMAND does.
use strict;
use warnings;
use File::Temp;
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX ();

my ($tcp, $log);
while (@ARGV && $ARGV[0] =~ /^--/) {
    my $option = shift;
    if    ($option eq '--tcp') { $tcp = 1 }
    elsif ($option eq '--log') { $log = shift }
    else                       { die "fake_server.pl: $option\n" }
}
my $file = shift // die "usage: fake_server.pl [--tcp] [--log FILE] REPLIES COMMAND [ARG...]\n";
open(my $fh, '<', $file) or die "$file: $!\n";
my @replies = <$fh>;
close $fh;
my $requests;
if (defined $log) {
    open($requests, '>', $log) or die "$log: $!\n";
    $requests->autoflush(1);
}

my $dir = File::Temp->newdir;
my $listener = $tcp ? IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1', LocalPort => 0)
                    : IO::Socket::UNIX->new(Listen => 1, Local => "$dir/s");
die "listen: $!\n" if !$listener;
$ENV{WEFT_SERVER} = $tcp ? '127.0.0.1:' . $listener->sockport : "unix:$dir/s";

sub wait_for_end {
    my ($c) = @_;
    1 while sysread($c, my $rest, 4096);
    return;
}

# Returns false when the connection is done with.
sub answer {
    my ($c, $reply) = @_;
    return 0 if !defined $reply || $reply =~ /^!close/;
    if ($reply =~ /^!half (.*)/) {
        print $c $1;
        return 0;
    }
    if ($reply =~ /^!(silent|bytes (\d+))/) {
        print $c 'x' x $2 if defined $2;
        wait_for_end($c);
        return 0;
    }
    if ($reply =~ s/^!split //) {
        syswrite($c, $_) for split //, $reply;
        return 1;
    }
    print $c $reply;
    return 1;
}

my $server = fork() // die "fork: $!\n";
if ($server == 0) {
    $SIG{PIPE} = 'IGNORE';
    while (my $c = $listener->accept) {
        $c->autoflush(1);
        while (defined(my $request = <$c>)) {
            print $requests $request if $requests;
            last if !answer($c, shift @replies);
        }
        close $c;
    }
    POSIX::_exit(0);
}
my $status = system { $ARGV[0] } @ARGV;
kill 'KILL', $server;
waitpid $server, 0;
exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
