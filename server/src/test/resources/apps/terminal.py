# Runs a program in a terminal and shows what is on its screen.
#   terminal.py ROWSxCOLUMNS STEPS PROGRAM...
# Steps, separated by ";": wait:TEXT (until it is on the screen), resize:RxC, fits (until it keeps to the size), key:K, shot (print the screen).
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

rows, columns = map(int, sys.argv[1].split('x'))
pid, fd = pty.fork()
if pid == 0:
    os.environ['TERM'] = 'xterm'
    os.execvp(sys.argv[3], sys.argv[3:])


def resize(r, c):
    global rows, columns, screen
    rows, columns = r, c
    screen = [' ' * c for _ in range(r)]
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', r, c, 0, 0))


screen, row, column, pending, too_long = [], 0, 0, '', False
resize(rows, columns)


def put(text):
    global row, column, too_long
    for part in re.findall(r'\x1b\[[?0-9;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+', text):
        if part == '\r':
            column = 0
        elif part == '\n':
            row = min(row + 1, rows - 1)
        elif part[0] != '\x1b':
            too_long |= column + len(part) > columns
            line = screen[row].ljust(columns)
            screen[row] = (line[:column] + part + line[column + len(part):])[:columns]
            column += len(part)
        elif part[-1] == 'H':
            at = [int(n) for n in re.findall(r'\d+', part)] or [1, 1]
            row, column = min(at[0], rows) - 1, at[1] - 1
        elif part[-1] == 'K':
            screen[row] = screen[row][:column].ljust(columns)
        elif part[-1] == 'J':
            screen[row:] = [screen[row][:column].ljust(columns)] + [' ' * columns] * (rows - row - 1)


def read(seconds):
    if select.select([fd], [], [], seconds)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            return False
        if not data:
            return False
        put(data.decode())
    return True


def until(found, what):
    end = time.time() + 60
    while not found():
        if not read(0.1) or time.time() > end:
            print('\n'.join(screen))
            sys.exit('never seen: ' + what)


for step in sys.argv[2].split(';'):
    word, _, value = step.partition(':')
    if word == 'fits':  # what is drawn in the moment of a change of size does not count
        end, too_long = time.time() + 60, True
        while too_long and time.time() < end:
            until_next, too_long = time.time() + 1.5, False
            while time.time() < until_next:
                read(0.1)
    elif word == 'wait':
        until(lambda: value in '\n'.join(screen), step)
    elif word == 'gone':
        until(lambda: value not in '\n'.join(screen), step)
    elif word == 'resize':
        resize(*map(int, value.split('x')))
    elif word == 'key':
        os.write(fd, value.encode())
    elif word == 'shot':
        read(0.3)
        print('\n'.join(line.rstrip() for line in screen))
        print('--- too long' if too_long else '---')
while read(1):
    pass
mode = termios.tcgetattr(fd)[3]
print('mode', 'restored' if mode & termios.ECHO and mode & termios.ICANON else 'left')
print('exit', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
