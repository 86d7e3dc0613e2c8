using CortexMl.Survey;

// FOLDER: a row for every model file in it. --cases FOLDER: ONNX's one-operator cases, a row for each operator.
// Exit code 0: nothing failed (a model that is refused with a reason did not fail), 1: something did, 2: wrong usage.
string? folder = args is [var only] ? only : args is ["--cases", var cases] ? cases : null;
if (folder is null || !Directory.Exists(folder))
{
    Console.Error.WriteLine("usage: FOLDER | --cases FOLDER");
    return 2;
}
if (args.Length == 1) return NetworkTable.Write(folder, Console.Out) ? 0 : 1;
var results = OnnxCase.Find(folder).Select(c => c.Run()).ToList();
CaseTable.Write(results, Console.Out);
return results.Exists(r => r.Outcome == Outcome.Failed) ? 1 : 0;
