using CortexMl.Cli;

return CommandLine.Run(args, Terminal.Standard());
