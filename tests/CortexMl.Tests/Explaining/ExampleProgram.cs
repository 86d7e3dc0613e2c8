using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace CortexMl.Tests.Explaining;

/// <summary>Runs the program of an example as <c>dotnet run show.cs</c> would, against the library that is tested.</summary>
internal static class ExampleProgram
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq;";

    private static readonly CSharpParseOptions s_options =
        CSharpParseOptions.Default.WithFeatures([new KeyValuePair<string, string>("FileBasedProgram", "true")]);

    /// <returns>What the program ends with, as .NET writes it; empty where it ends well.</returns>
    public static string Said(string source)
    {
        var context = new AssemblyLoadContext("example", isCollectible: true);
        try
        {
            var start = context.LoadFromStream(Compiled(source)).EntryPoint!;
            start.Invoke(null, [Array.Empty<string>()]);
            return "";
        }
        catch (TargetInvocationException error)
        {
            return $"{error.InnerException}";
        }
        finally
        {
            context.Unload();
        }
    }

    private static MemoryStream Compiled(string source)
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create("Show",
            [CSharpSyntaxTree.ParseText(source, s_options), CSharpSyntaxTree.ParseText(Usings, s_options)],
            trusted.Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        var stream = new MemoryStream();
        var emitted = compilation.Emit(stream);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        stream.Position = 0;
        return stream;
    }
}
