using System.CommandLine;

namespace CortexMl.Cli.Commands;

/// <summary>The numbers that an option takes; null where its type alone bounds them.</summary>
/// <param name="IsOpen">Whether the least number is itself left out.</param>
internal sealed record NumberBounds(decimal? Least, decimal? Most = null, bool IsOpen = false);

/// <summary>An option that says which numbers it takes.</summary>
internal interface INumberOption
{
    NumberBounds Bounds { get; }
}

/// <summary>An option whose value is a number within bounds; <see cref="OptionValues"/> refuses others before the command runs.</summary>
/// <typeparam name="T">int, long, ulong or double, or one of them that may be left out.</typeparam>
internal sealed class NumberOption<T>(string name, params string[] aliases) : Option<T>(name, aliases), INumberOption
{
    public required NumberBounds Bounds { get; init; }
}
