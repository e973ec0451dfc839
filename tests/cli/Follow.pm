# Follow.pm - a follower under test: started, fed, its acknowledgements read, ended; and the other commands beside it.
package Follow;
use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(O_WRONLY O_APPEND O_CREAT);
use File::Temp 'tempdir';
use IO::Handle ();
use IO::Select ();
use JSON::PP ();
use POSIX ();
use Time::HiRes qw(sleep time);
our @EXPORT = qw($B $dir append comment run slurp stats wait_for waits_for_lock catches_term);

our $B   = $ENV{B} || 'build';
our $dir = tempdir('weft-follow-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $GUARD = 60;    # seconds after which a test has hung
my $number = 0;

# Poll until the code returns something true, which is returned.
sub wait_for {
    my ($code, $what) = @_;
    my $end = time + $GUARD;
    while (time < $end) {
        my $got = $code->();
        return $got if $got;
        sleep 0.01;
    }
    die "waited $GUARD s for $what\n";
}

sub slurp {
    my ($path) = @_;
    open(my $fh, '<:raw', $path) or return '';
    local $/;
    return scalar(<$fh>) // '';
}

# One write to the end of a file, which is made when it is not there.
sub append {
    my ($path, @text) = @_;
    my $text = join '', @text;
    sysopen(my $fh, $path, O_WRONLY | O_APPEND | O_CREAT) or die "$path: $!\n";
    (syswrite($fh, $text) // -1) == length $text or die "$path: $!\n";
    return close $fh;
}

sub comment {
    my ($id, $body) = @_;
    return qq({"type":"comment","id":"$id","article":"a1","body":"$body"}\n);
}

# Another command: (exit status, standard output, standard error). A status over 127 is a signal.
sub run {
    my @command = @_;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        open(STDIN, '<', '/dev/null');
        open(STDOUT, '>', "$dir/out");
        open(STDERR, '>', "$dir/err");
        exec("$B/weft-indexer", @command) or POSIX::_exit(126);
    }
    waitpid($pid, 0);
    return ($? & 127 ? 128 + ($? & 127) : $? >> 8, slurp("$dir/out"), slurp("$dir/err"));
}

sub stats {
    my ($index) = @_;
    my (undef, $out) = run('stats', '--json', '-i', $index);
    return JSON::PP::decode_json($out);
}

# Whether a process stands in the queue of a lock.
sub waits_for_lock {
    my ($pid) = @_;
    return slurp('/proc/locks') =~ /-> POSIX\s.*?\s$pid\s/;
}

# Whether a process has something to do at SIGTERM but to end.
sub catches_term {
    my ($pid) = @_;
    my ($mask) = slurp("/proc/$pid/status") =~ /^SigCgt:\s*(\w+)$/m or die "no process $pid\n";
    return hex(substr $mask, -8) >> 14 & 1;
}

# start(arguments of add): its standard input is {in}, what it says on stderr is said().
sub start {
    my ($class, @args) = @_;
    pipe(my $in, my $feed)   or die "pipe: $!\n";
    pipe(my $out, my $acks) or die "pipe: $!\n";
    my $self = bless {log => "$dir/log." . ++$number, out => $out, in => $feed, got => ''}, $class;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        open(STDIN, '<&', $in);
        open(STDOUT, '>&', $acks);
        open(STDERR, '>', $self->{log});
        exec("$B/weft-indexer", 'add', @args) or POSIX::_exit(126);
    }
    $self->{pid} = $pid;
    $feed->autoflush(1);
    return $self;
}

sub feed {
    my ($self, @text) = @_;
    return print {$self->{in}} @text;
}

sub end_input { return close $_[0]{in} }

sub said { return slurp($_[0]{log}) }

sub wait_said {
    my ($self, $text) = @_;
    return wait_for(sub { index($self->said, $text) >= 0 }, "'$text' on stderr");
}

# The next line of stdout as it came; undef at its end.
sub line {
    my ($self) = @_;
    my $ready = IO::Select->new($self->{out});
    while ($self->{got} !~ /\n/) {
        $ready->can_read($GUARD) or die "waited $GUARD s for a commit; it said: " . $self->said;
        sysread($self->{out}, $self->{got}, 65536, length $self->{got}) or return undef;
    }
    $self->{got} =~ s/^(.*?\n)//s;
    return $1;
}

# The next commit; undef at the end.
sub commit {
    my ($self) = @_;
    my $line = $self->line // return undef;
    return JSON::PP::decode_json($line)->{committed};
}

# Commits up to the one at an offset, or the end: the last of them, with the sums of what they count.
sub commits_to {
    my ($self, $offset) = @_;
    my %sum;
    while (defined(my $c = $self->commit)) {
        $sum{$_} += $c->{$_} for qw(records added changed same deleted older superseded refused);
        return {%$c, %sum} if defined $offset && $c->{offset} == $offset;
    }
    return \%sum;
}

# As run() does for its status.
sub status {
    my ($self) = @_;
    my $end = time + $GUARD;
    while (time < $end && defined $self->{pid}) {
        if (waitpid($self->{pid}, POSIX::WNOHANG()) == $self->{pid}) {
            delete $self->{pid};
            return $? & 127 ? 128 + ($? & 127) : $? >> 8;
        }
        sleep 0.005;
    }
    die "it does not end; it said: " . $self->said;
}

sub signal {
    my ($self, $name) = @_;
    return kill $name, $self->{pid};
}

sub stop {
    my ($self) = @_;
    $self->signal('TERM');
    return $self->status;
}

sub DESTROY {
    my ($self) = @_;
    return if !defined $self->{pid};
    local $?;
    kill 'KILL', $self->{pid};
    waitpid($self->{pid}, 0);
    return;
}

1;
