using CortexMl.Conformance;
using CortexMl.Engines.Interpreter;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cvm;

/// <summary>
/// Inputs on which the reference crashes, hangs or leaves memory unwritten: what we answer, as src/CortexMl.Cvm/README.md says.
/// </summary>
public sealed class HostileCaseTests
{
    [SkippableTheory]
    [InlineData("crash_00", "Ok at Ok, output 000000000000000028000000")]
    [InlineData("crash_02", "Logic at Load, CML0406")]
    [InlineData("crash_03", "Logic at Load, CML0406")]
    [InlineData("crash_04", "Logic at Load, CML0407")]
    [InlineData("crash_06", "Logic at Load, CML0407")]
    [InlineData("crash_07", "Logic at Load, CML0407")]
    [InlineData("crash_08", "Logic at Load, CML0407")]
    [InlineData("crash_09", "Logic at Load, CML0407")]
    [InlineData("crash_10", "Logic at Load, CML0421")]
    [InlineData("crash_12", "Logic at Load, CML0421")]
    [InlineData("crash_13", "Logic at Load, CML0421")]
    [InlineData("crash_15", "Logic at Load, CML0405")]
    [InlineData("crash_16", "Logic at Load, CML0405")]
    [InlineData("crash_20", "Ok at Ok, output 000000000000000028000000")]
    [InlineData("crash_22", "Ok at Ok, output 000000000000000028000000")]
    [InlineData("crash_24", "Logic at Infer, CML0443")]
    [InlineData("crash_25", "Logic at Load, CML0413")]
    [InlineData("crash_28", "Logic at Load, CML0413")]
    [InlineData("crash_29", "Logic at Load, CML0413")]
    [InlineData("crash_30", "Logic at Load, CML0413")]
    [InlineData("crash_31", "Logic at Load, CML0413")]
    [InlineData("crash_33", "Logic at Load, CML0413")]
    [InlineData("crash_34", "Logic at Load, CML0413")]
    [InlineData("crash_35", "Logic at Load, CML0413")]
    [InlineData("crash_36", "Logic at Load, CML0413")]
    [InlineData("crash_37", "Logic at Load, CML0413")]
    [InlineData("crash_39", "Logic at Load, CML0413")]
    [InlineData("crash_40", "Ok at Ok, output 00000000")]
    [InlineData("crash_42", "Ok at Ok, output 20030303")]
    [InlineData("crash_43", "Runtime at Load, CML0432")]
    [InlineData("crash_44", "Runtime at Load, CML0431")]
    [InlineData("crash_48", "Ok at Ok, output 0102")]
    public void Hostile_case_is_refused_or_given_the_documented_value(string name, string answer)
    {
        string folder = SharedData.Folder("cvm", "hostile", name);
        foreach (var profile in Enum.GetValues<InterpreterProfile>())
            Assert.Equal(answer, new CaseRunner(profile).RunHostile(folder).ToString());
    }
}
