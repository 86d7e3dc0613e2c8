using CortexMl.Cli;

var terminal = Terminal.Standard();
using var interruption = Interruption.Watch(terminal);
return CommandLine.Run(args, terminal);
