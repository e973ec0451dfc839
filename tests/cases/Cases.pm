# Cases.pm - indexes, questions and inputs for the tests of known failure cases, sourced by tests/cases/*.t.
#
#     my $x = Cases->new;                                  # an index in a temporary directory
#     my $run = $x->build(article('a1', 'Title'), comment('c1', 'body'));     # {status, out, err}
#     is($x->found('body'), 'c1');                         # ids of the hits, sorted; articles as article:ID
#     given('045', sub { my ($case) = @_; ... });          # SKIPs without the files of the public case
#
# An input is a record (a hash), bytes (a reference to a string), an option (-...) or the path of a file. Strings are characters.
package Cases;
use strict;
use warnings;
use Cwd ();
use Exporter 'import';
use File::Temp ();
use IO::Select ();
use IPC::Open2 ();
use JSON::PP ();
use Test::More;

our @EXPORT = qw(given case_bytes case_lines generated article comment is_ok warned marked run_program weft_client);
our $GUARD  = 60;
our $B      = $ENV{B} || 'build';
our $SHARED = ($ENV{WEFT_SHARED} || '../shared') . '/cases';
our $JSON   = JSON::PP->new->utf8->canonical->allow_nonref;
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output todo_output);

sub article { my ($id, $title, %rest) = @_; return {type => 'article', id => $id, title => $title, %rest} }
sub comment { my ($id, $body, %rest) = @_; return {type => 'comment', id => $id, article => 'a1', body => $body, %rest} }

# A subtest over the files of a public case.
sub given {
    my ($case, $code) = @_;
    subtest "case $case" => sub {
        plan skip_all => "the files of case $case are not here (WEFT_SHARED)" unless -d "$SHARED/$case";
        $code->($case);
    };
}

sub case_bytes {
    my ($case, $name) = @_;
    open(my $fh, '<', "$SHARED/$case/$name") or die "$SHARED/$case/$name: $!\n";
    local $/;
    return scalar(<$fh>);
}

sub case_lines { return map { utf8::decode($_); $_ } split /\n/, case_bytes(@_) }

# Run the generator of a case in a directory of its own: the directory, and what it printed. SKIPs the subtest without Python.
sub generated {
    my ($case) = @_;
    my $dir = File::Temp->newdir;
    my $generator = Cwd::abs_path("$SHARED/$case/gen.py");
    open(my $fh, '-|', 'sh', '-c', 'command -v python3 >/dev/null || exit 100; cd "$1" && python3 "$2"', 'sh', "$dir", $generator)
        or die "sh: $!\n";
    local $/;
    my $printed = <$fh>;
    close($fh);
    plan skip_all => 'no python3 to generate the input with' if $? >> 8 == 100;
    die "$generator ended with $?\n" if $?;
    return ($dir, $printed // '');
}

# Run a program to its end: exit status (128 + signal), what it printed on both streams as characters.
sub run_program {
    my @command = @_;
    my ($out, $err) = (File::Temp->new, File::Temp->new);
    utf8::encode($_) for @command;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open(STDIN,  '<', '/dev/null');
        open(STDOUT, '>&', $out);
        open(STDERR, '>&', $err);
        exec(@command) or POSIX::_exit(127);
    }
    waitpid($pid, 0);
    my %run = (status => $? & 127 ? 128 + ($? & 127) : $? >> 8);
    for ([out => $out], [err => $err]) {
        open(my $fh, '<:utf8', $_->[1]->filename);
        local $/;
        $run{$_->[0]} = <$fh> // '';
    }
    return \%run;
}

sub weft_client { return run_program("$B/weft", @_) }

sub new {
    my ($class) = @_;
    my $dir = File::Temp->newdir;
    return bless {dir => $dir, index => "$dir/index", files => 0}, $class;
}

# Bytes or records in a new file of the index's directory; its path.
sub file {
    my ($self, $bytes, $name) = @_;
    $name //= 'in' . $self->{files}++ . '.ndjson';
    open(my $fh, '>:raw', "$self->{dir}/$name") or die "$name: $!\n";
    print $fh $bytes;
    close($fh) or die "$name: $!\n";
    return "$self->{dir}/$name";
}

sub lines_of { return join('', map { $JSON->encode($_) . "\n" } @_) }

# weft-indexer COMMAND on this index; records are gathered in one file, which comes last.
sub indexer {
    my ($self, $command, @inputs) = @_;
    my @records = grep { ref eq 'HASH' } @inputs;
    my @files = map { ref ? $self->file($$_) : $_ } grep { ref ne 'HASH' } @inputs;
    push @files, $self->file(lines_of(@records)) if @records;
    my @index = $command eq 'convert' ? () : ('-i', $self->{index});
    return run_program("$B/weft-indexer", $command, @index, @files);
}

sub build { my $self = shift; return $self->indexer('build', @_) }
sub add   { my $self = shift; return $self->indexer('add', @_) }

sub stats {
    my ($self) = @_;
    my $run = $self->indexer('stats', '--json');
    return JSON::PP->new->decode($run->{out});
}

# One request and its reply over the pipe of an embedded server that stays.
sub ask {
    my ($self, $request) = @_;
    if (!$self->{pid}) {
        my $command = qq(exec "\$0" --stdio -i "\$1" 2>>"\$2");
        $self->{pid} = IPC::Open2::open2(my $out, my $in, 'sh', '-c', $command, "$B/weft-searchd", $self->{index}, "$self->{dir}/log");
        @$self{qw(in out)} = ($in, $out);
        $in->autoflush(1);
    }
    local $SIG{PIPE} = 'IGNORE';
    print {$self->{in}} (ref $request ? $JSON->encode($request) : $request) . "\n";
    local $/ = "\n";
    die "waited $GUARD s for a reply\n" unless IO::Select->new($self->{out})->can_read($GUARD);
    my $line = readline($self->{out}) // die "the server ended\n" . $self->log;
    return $JSON->decode($line);
}

# The document of a reference as it is stored.
sub get { return $_[0]->ask({cmd => 'get', ref => $_[1]})->{doc} }

sub search { my ($self, $q, %keys) = @_; return $self->ask({cmd => 'search', q => $q, limit => 100, %keys}) }

sub hits {
    my ($self, @query) = @_;
    my $reply = $self->search(@query);
    return ref $reply->{hits} ? grep { !$_->{relaxed} } @{$reply->{hits}} : {ref => "error: $reply->{error}{message}"};
}

# The ids of the hits that match as asked: in their order, or sorted.
sub ranked { return join(' ', map { $_->{ref} =~ s/^comment://r } hits(@_)) }
sub found  { return join(' ', sort split(/ /, ranked(@_))) }

sub hit {
    my ($self, $ref, @query) = @_;
    my ($hit) = grep { $_->{ref} eq $ref } $self->hits(@query);
    return $hit;
}

sub log {
    my ($self) = @_;
    open(my $fh, '<', "$self->{dir}/log") or return '';
    local $/;
    return <$fh> // '';
}

# End the server: its exit status, 99 when a sanitizer spoke.
sub end {
    my ($self) = @_;
    my $pid = delete $self->{pid} // return 0;
    close($self->{in});
    close($self->{out});
    waitpid($pid, 0);
    return 99 if $self->log =~ /runtime error:|Sanitizer/;
    return $? & 127 ? 128 + ($? & 127) : $? >> 8;
}

sub DESTROY { local ($?, $@); $_[0]->end }

# A reply without error.
sub is_ok {
    my ($reply, $name) = @_;
    return ok($reply->{ok}, $name) || diag explain $reply;
}

# Whether some warning of a reply matches.
sub warned {
    my ($reply, $pattern) = @_;
    return scalar grep { $_->{message} =~ $pattern } @{$reply->{warnings} || []};
}

# The marked pieces of a snippet, cut by its byte offsets: each has to be valid UTF-8.
sub marked {
    my ($snippet) = @_;
    my $bytes = $snippet->{text};
    utf8::encode($bytes);
    return map {
        my $piece = substr($bytes, $_->[0], $_->[1] - $_->[0]);
        utf8::decode($piece) ? $piece : 'cut inside a character';
    } @{$snippet->{marks}};
}

1;
